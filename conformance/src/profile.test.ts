import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { FEATURES } from './check.ts'
import {
  ACTIONS,
  keysOf,
  loadProfile,
  originsOf,
  ProfileFault,
  parseProfile,
  SCHEMA_FILE,
} from './profile.ts'

const LEAST = `
name: A test
api: { url: http://127.0.0.1:1 }
accounts:
  ready:
    a: { id: a, token: '\${TOKEN_A}' }
    b: { id: b, token: t }
token:
  alg: HS256
  keys: [{ kid: k, secret: c2VjcmV0 }]
routes:
  list: { method: GET, path: /tasks }
  create: { method: POST, path: /tasks, body: { title: x } }
  read: { method: GET, path: '/tasks/{id}' }
task: { id: id, title: title }
`
const env = { TOKEN_A: 'from the environment' }

function faultsOf(text: string): string[] {
  try {
    parseProfile(text, 'the test', env)
  } catch (error) {
    assert.ok(error instanceof ProfileFault, String(error))
    return error.faults
  }
  return []
}

test('the least a profile can say is enough', () => {
  const profile = parseProfile(LEAST, 'the test', env)
  assert.equal(profile.accounts.ready!.a.token, 'from the environment')
  assert.equal(profile.token.subject, 'sub')
  assert.equal(profile.limits.title, 200)
  assert.deepEqual(keysOf(profile), [{ kid: 'k', alg: 'HS256', secret: Buffer.from('secret') }])
  assert.deepEqual(originsOf(profile), { api: 'http://127.0.0.1:1', issuer: 'http://127.0.0.1:1' })
})

test('what follows from the profile need not be said', () => {
  const { absent } = parseProfile(LEAST, 'the test', env)
  for (const feature of ['path-user', 'user-id-claim', 'asymmetric', 'both-families', 'replace', 'change']) {
    assert.ok(absent.includes(feature as (typeof absent)[number]), feature)
  }
  assert.ok(!absent.includes('symmetric'))
})

test('every fault is told at once, with its place', () => {
  const wrong = LEAST.replace('name: A test', 'nam: A test')
    .replace('HS256', 'HS257')
    .replace('read:', 'reed:')
  const faults = faultsOf(wrong)
  assert.ok(faults.includes('the document: there is no setting "nam"'), faults.join('\n'))
  assert.ok(faults.includes("the document: must have required property 'name'"), faults.join('\n'))
  assert.ok(
    faults.some(fault => fault.startsWith('token.alg: must be one of HS256')),
    faults.join('\n'),
  )
  assert.ok(faults.includes("routes: must have required property 'read'"), faults.join('\n'))
})

test('an unknown feature, a URL with a path and a missing variable are faults', () => {
  assert.match(faultsOf(`${LEAST}absent: [streems]\n`).join(), /absent\.0: must be one of/)
  assert.match(faultsOf(LEAST.replace('127.0.0.1:1', '127.0.0.1:1/api')).join(), /api\.url: must match/)
  assert.deepEqual(faultsOf(LEAST.replace('TOKEN_A', 'TOKEN_X')), ['the environment has no TOKEN_X'])
})

test('YAML that is none is told with its line', () => {
  assert.match(faultsOf('name: [').join(), /line 1/)
  assert.deepEqual(faultsOf(''), ['the document: must be object'])
})

test('the schema lists the features and steps there are', () => {
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))
  assert.deepEqual(schema.properties.absent.items.enum, [...FEATURES])
  assert.deepEqual(schema.properties.accounts.properties.recipe.propertyNames.enum, [...ACTIONS])
})

test('the schema lists the hooks there are', () => {
  const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))
  const source = readFileSync(join(import.meta.dirname, 'hooks.ts'), 'utf8')
  const calls = /interface HookCalls \{(.*?)\n\}/s.exec(source)![1]!
  const names = [...calls.matchAll(/^ {2}'?([a-z-]+)'?: \{/gm)].map(([, name]) => name)
  assert.deepEqual(schema.properties.hooks.propertyNames.enum, names)
})

test('the examples are profiles', () => {
  const examples = globSync(join(import.meta.dirname, '../profiles/*.yaml'))
  assert.ok(examples.length >= 2)
  for (const file of examples) {
    const named = readFileSync(file, 'utf8').matchAll(/\$\{([A-Z0-9_]+)\}/g)
    const env = Object.fromEntries([...named].map(([, name]) => [name, 'bm90aGluZw']))
    assert.ok(loadProfile(file, env).name.length > 0)
  }
})
