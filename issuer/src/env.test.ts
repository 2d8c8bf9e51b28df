import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { readIssuerEnv } from './env.ts'

const SECRET = 'S'.repeat(32)
const KEY = Buffer.alloc(32, 1).toString('base64url')
const GOOD = {
  ISSUER_DATABASE_URL: 'postgres://issuer@localhost/latchkey',
  AUTH_SECRET: SECRET,
  ACCESS_TOKEN_KEYS: `k1:${KEY}`,
  REVOCATION_FEED_SECRET: 'F'.repeat(32),
}

const faultsOf = (more: NodeJS.ProcessEnv) => readIssuerEnv({ ...GOOD, ...more }).faults

test('the least that is needed gives one frozen object with the documented defaults', () => {
  const { env, faults } = readIssuerEnv(GOOD)
  assert.deepEqual(faults, [])
  assert.ok(Object.isFrozen(env))
  const { host, port, issuerUrl, apiUrl, audience, algorithm, ttl, signUp, webOrigins, logLevel } = env!
  assert.deepEqual(
    { host, port, issuerUrl, apiUrl, audience, algorithm, ttl, signUp, webOrigins, logLevel },
    {
      host: '127.0.0.1',
      port: 3000,
      issuerUrl: 'http://localhost:3000',
      apiUrl: 'http://localhost:3000',
      audience: 'latchkey-api',
      algorithm: 'HS256',
      ttl: 3600,
      signUp: 'open',
      webOrigins: ['http://localhost:3000'],
      logLevel: 'info',
    },
  )
  assert.deepEqual(env!.limits, {
    failuresPerAccountAndAddress: 10,
    failuresPerAddress: 100,
    failuresPerAccount: 100,
    failureWindow: 900,
    attemptsPerMinute: 600,
  })
})

test('the features of the API are known ones, all of them by default, or none', () => {
  assert.deepEqual(readIssuerEnv(GOOD).env!.apiFeatures, ['organize'])
  assert.deepEqual(readIssuerEnv({ ...GOOD, API_FEATURES: '' }).env!.apiFeatures, [])
  assert.match(faultsOf({ API_FEATURES: 'organize,fly' })[0]!, /^API_FEATURES/)
})

test('every fault is told at once, a sentence each, and names its variable', () => {
  const { env, faults } = readIssuerEnv({ PORT: '70000', ISSUER_URL: 'todo.example.org', SIGN_UP: 'maybe' })
  assert.equal(env, null)
  const names = [
    'PORT',
    'ISSUER_URL',
    'SIGN_UP',
    'ISSUER_DATABASE_URL',
    'AUTH_SECRET',
    'ACCESS_TOKEN_KEYS',
    'REVOCATION_FEED_SECRET',
  ]
  for (const name of names) assert.equal(faults.filter(fault => fault.startsWith(name)).length, 1, name)
  assert.equal(faults.length, names.length)
  for (const fault of faults) assert.match(fault, /\.$/)
})

const refused: [string, NodeJS.ProcessEnv][] = [
  ['a short secret', { AUTH_SECRET: 'x'.repeat(31) }],
  ['a short older secret', { AUTH_SECRET: `${SECRET},short` }],
  ['an empty secret in the list', { AUTH_SECRET: `${SECRET},` }],
  ['an empty first secret', { AUTH_SECRET: `,${SECRET}` }],
  ['an example secret', { AUTH_SECRET: 'example-make-your-own-with-openssl-rand-base64-32' }],
  ['a short feed secret', { REVOCATION_FEED_SECRET: 'x'.repeat(31) }],
  ['a short key', { ACCESS_TOKEN_KEYS: `k1:${Buffer.alloc(31).toString('base64url')}` }],
  ['a padded key', { ACCESS_TOKEN_KEYS: `k1:${Buffer.alloc(32).toString('base64')}` }],
  ['a key with altered trailing bits', { ACCESS_TOKEN_KEYS: `k1:${KEY.slice(0, -1)}F` }],
  ['an example key', { ACCESS_TOKEN_KEYS: `k1:example-${KEY}` }],
  ['one kid twice', { ACCESS_TOKEN_KEYS: `k1:${KEY},k1:${Buffer.alloc(32, 2).toString('base64url')}` }],
  ['a kid with other characters', { ACCESS_TOKEN_KEYS: `../k:${KEY}` }],
  ['a key as the auth secret', { AUTH_SECRET: KEY }],
  [
    'the bytes of a key as the auth secret',
    { ACCESS_TOKEN_KEYS: `k1:${Buffer.from(SECRET).toString('base64url')}` },
  ],
  ['the feed secret as the auth secret', { REVOCATION_FEED_SECRET: SECRET }],
  ['the feed secret as a key', { REVOCATION_FEED_SECRET: KEY }],
  ['a URL with a path', { ISSUER_URL: 'https://todo.example.org/app' }],
  ['a URL with a user', { ISSUER_URL: 'https://me@todo.example.org' }],
  ['another scheme', { API_URL: 'ftp://todo.example.org' }],
  ['one bad origin in a list', { WEB_ORIGIN: 'https://a.example,https://b.example/x' }],
  ['a wildcard origin', { WEB_ORIGIN: '*' }],
  ['a lifetime of nothing', { ACCESS_TOKEN_TTL: '0' }],
  ['a lifetime with a unit', { ACCESS_TOKEN_TTL: '1h' }],
  ['another algorithm', { ACCESS_TOKEN_ALG: 'none' }],
  ['a proxy that is no address', { TRUSTED_PROXIES: '10.0.0.0/33' }],
  ['a proxy by name', { TRUSTED_PROXIES: 'localhost' }],
  ['a limit of nothing', { LIMIT_FAILURES_PER_ADDRESS: '0' }],
  ['a log level that is none', { LOG_LEVEL: 'loud' }],
]
for (const [what, more] of refused)
  test(`${what} stops the start with one fault`, () =>
    assert.equal(faultsOf(more).length, 1, faultsOf(more).join()))

test('no fault repeats a secret', () => {
  for (const [, more] of refused)
    for (const [name, value] of Object.entries(more))
      if (/SECRET|KEYS/.test(name) && value!.length > 20)
        for (const fault of faultsOf(more)) assert.ok(!fault.includes(value!))
})

test('every secret may come from a file, but not from both', () => {
  const folder = mkdtempSync(join(tmpdir(), 'issuer-env-'))
  const file = join(folder, 'secret')
  writeFileSync(file, `${'T'.repeat(40)}\n`)
  const { AUTH_SECRET: _, ...rest } = GOOD
  assert.deepEqual(readIssuerEnv({ ...rest, AUTH_SECRET_FILE: file }).env?.authSecrets, ['T'.repeat(40)])
  assert.equal(faultsOf({ AUTH_SECRET_FILE: file }).length, 1)
  assert.equal(readIssuerEnv({ ...rest, AUTH_SECRET_FILE: join(folder, 'none') }).faults.length, 1)
  rmSync(folder, { recursive: true })
})

test('nothing of .env.example is taken for a secret', () => {
  const example = parseEnv(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'))
  const { faults } = readIssuerEnv({ ...example, ISSUER_DATABASE_URL: GOOD.ISSUER_DATABASE_URL })
  const told = ['AUTH_SECRET', 'ACCESS_TOKEN_KEYS', 'REVOCATION_FEED_SECRET']
  for (const name of told)
    assert.ok(
      faults.some(fault => fault.startsWith(name)),
      name,
    )
})

test('under EdDSA no shared key is needed', () => {
  assert.deepEqual(faultsOf({ ACCESS_TOKEN_ALG: 'EdDSA', ACCESS_TOKEN_KEYS: '' }), [])
})

test('figures are shown on a port of their own, on this machine alone unless METRICS_HOST says otherwise', () => {
  const where = (more: NodeJS.ProcessEnv) => {
    const { env } = readIssuerEnv({ ...GOOD, ...more })
    return [env!.metricsHost, env!.metricsPort]
  }
  assert.deepEqual(where({}), ['127.0.0.1', null])
  assert.deepEqual(where({ METRICS_PORT: '9464', HOST: '0.0.0.0' }), ['127.0.0.1', 9464])
  assert.deepEqual(where({ METRICS_PORT: '9464', METRICS_HOST: '::' }), ['::', 9464])
  assert.deepEqual(faultsOf({ METRICS_PORT: '3000' }), ['METRICS_PORT must be another port than PORT.'])
  assert.equal(faultsOf({ METRICS_PORT: 'x' }).length, 1)
})
