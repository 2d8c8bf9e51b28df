import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { readApiEnv } from './env.ts'

const key = randomBytes(32).toString('base64url')
const good = {
  API_DATABASE_URL: 'postgres://localhost/x',
  ACCESS_TOKEN_KEYS: `k1:${key}`,
  REVOCATION_FEED_SECRET: randomBytes(32).toString('hex'),
}
const faultsOf = (changed: NodeJS.ProcessEnv) => readApiEnv({ ...good, ...changed }).faults

test('what is not given has its default', () => {
  const { env } = readApiEnv(good)
  assert.ok(env && Object.isFrozen(env))
  const { host, port, issuerUrl, apiUrl, audience, algorithm, ttl, feedUrl, webOrigins } = env
  assert.deepEqual(
    { host, port, issuerUrl, apiUrl, audience, algorithm, ttl, feedUrl, webOrigins },
    {
      host: '127.0.0.1',
      port: 3000,
      issuerUrl: 'http://localhost:3000',
      apiUrl: 'http://localhost:3000',
      audience: 'latchkey-api',
      algorithm: 'HS256',
      ttl: 3600,
      feedUrl: 'http://localhost:3000/api/auth/revocations',
      webOrigins: ['http://localhost:3000'],
    },
  )
})

test('every fault is listed at once, a sentence each that names the variable and never its value', () => {
  const faults = readApiEnv({
    PORT: 'x',
    ISSUER_URL: 'ftp://x/y',
    ACCESS_TOKEN_TTL: '0',
    TRUSTED_PROXIES: '1.2.3',
    LOG_LEVEL: 'loud',
  }).faults
  for (const name of [
    'PORT',
    'ISSUER_URL',
    'ACCESS_TOKEN_TTL',
    'TRUSTED_PROXIES',
    'LOG_LEVEL',
    'API_DATABASE_URL',
    'ACCESS_TOKEN_KEYS',
    'REVOCATION_FEED_SECRET',
  ])
    assert.ok(
      faults.some(fault => fault.startsWith(name) && fault.endsWith('.')),
      `${name}: ${faults.join(' ')}`,
    )
})

test('a short, an example or a malformed secret is refused', () => {
  const short = randomBytes(31).toString('base64url')
  for (const keys of [
    `k1:${short}`,
    key,
    `:${key}`,
    `k 1:${key}`,
    `k1:${key}=`,
    `k1:${key},k1:${key}`,
    `k1:${key},`,
    'k1:example-key',
    `k1:example-${key}`,
    `${'k'.repeat(65)}:${key}`,
  ])
    assert.equal(faultsOf({ ACCESS_TOKEN_KEYS: keys }).length > 0, true, keys)
  for (const secret of ['x'.repeat(31), 'example-feed-secret-that-is-long-enough'])
    assert.equal(faultsOf({ REVOCATION_FEED_SECRET: secret }).length, 1, secret)
  assert.ok(
    !faultsOf({ ACCESS_TOKEN_KEYS: `k1:${short}` })
      .join()
      .includes(short),
  )
})

test('a key whose text is not the canonical one of its bytes is refused', () => {
  const last = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const other = key.slice(0, -1) + last[last.indexOf(key.at(-1)!) ^ 1]
  assert.equal(faultsOf({ ACCESS_TOKEN_KEYS: `k1:${other}` }).length, 1)
})

test('a secret may come from a file, but not from both', () => {
  const path = join(mkdtempSync(join(tmpdir(), 'latchkey-env-')), 'keys')
  writeFileSync(path, `k1:${key}\n`)
  const { env } = readApiEnv({ ...good, ACCESS_TOKEN_KEYS: '', ACCESS_TOKEN_KEYS_FILE: path })
  assert.equal(Buffer.from(env!.keys[0]!.secret).toString('base64url'), key)
  assert.match(faultsOf({ ACCESS_TOKEN_KEYS_FILE: path })[0]!, /both/)
  assert.match(faultsOf({ ACCESS_TOKEN_KEYS: '', ACCESS_TOKEN_KEYS_FILE: '/nowhere' })[0]!, /cannot be read/)
})

test('EdDSA needs no keys here', () => {
  const { env } = readApiEnv({ ...good, ACCESS_TOKEN_KEYS: '', ACCESS_TOKEN_ALG: 'EdDSA' })
  assert.deepEqual(env!.keys, [])
})

test('figures are shown on a port of their own, on this machine alone unless METRICS_HOST says otherwise', () => {
  const where = (more: NodeJS.ProcessEnv) => {
    const { env } = readApiEnv({ ...good, ...more })
    return [env!.metricsHost, env!.metricsPort]
  }
  assert.deepEqual(where({}), ['127.0.0.1', null])
  assert.deepEqual(where({ METRICS_PORT: '9464', HOST: '0.0.0.0' }), ['127.0.0.1', 9464])
  assert.deepEqual(where({ METRICS_PORT: '9464', METRICS_HOST: '::' }), ['::', 9464])
  assert.deepEqual(faultsOf({ METRICS_PORT: '3000' }), ['METRICS_PORT must be another port than PORT.'])
  assert.equal(faultsOf({ METRICS_PORT: 'x' }).length, 1)
})
