import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { readApiEnv } from '@latchkey/api'
import { readIssuerEnv } from '@latchkey/issuer'
import { readStandaloneEnv } from '../standalone/src/env.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The assignments of `.env.example`, in order. */
const example = Object.fromEntries(
  [...read('.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
)

/** Every variable a reader asks for, by watching it ask. */
function variablesRead(reader: (source: NodeJS.ProcessEnv) => unknown): string[] {
  const names = new Set<string>()
  reader(
    new Proxy({} as NodeJS.ProcessEnv, {
      get: (_, name) => {
        if (typeof name === 'string' && /^[A-Z_]+$/.test(name)) names.add(name)
        return undefined
      },
    }),
  )
  return [...names].filter(name => !name.endsWith('_FILE'))
}

const rows = (markdown: string) => [...markdown.matchAll(/^\| `([^`]+)` \|/gm)].map(([, cell]) => cell!)

test('.env.example names exactly the variables the programs read', () => {
  const known = new Set([readIssuerEnv, readApiEnv, readStandaloneEnv].flatMap(variablesRead))
  assert.deepEqual(Object.keys(example).sort(), [...known].sort())
})

test('.env.example shows the defaults, and its secrets are refused', () => {
  const secret = 's'.repeat(32)
  const needed = {
    ISSUER_DATABASE_URL: 'postgres://issuer@localhost/x',
    API_DATABASE_URL: 'postgres://api@localhost/x',
    AUTH_SECRET: secret,
    REVOCATION_FEED_SECRET: secret.toUpperCase(),
    ACCESS_TOKEN_KEYS: `k:${Buffer.from(secret.repeat(2)).toString('base64url')}`,
  }
  for (const reader of [readIssuerEnv, readApiEnv]) {
    assert.deepEqual(reader({ ...example, ...needed }), reader(needed))
    const { faults } = reader({ ...example, ISSUER_DATABASE_URL: 'x', API_DATABASE_URL: 'x' })
    assert.ok(faults.some(fault => fault.startsWith('ACCESS_TOKEN_KEYS is the example')))
    assert.ok(faults.some(fault => fault.startsWith('REVOCATION_FEED_SECRET is the example')))
  }
})

test('docs/events.md lists exactly the events the programs write', () => {
  const sources = globSync('{issuer,api,standalone}/src/*.ts', { cwd: root }).filter(
    file => !file.endsWith('.test.ts'),
  )
  const written = sources.flatMap(file => {
    const text = read(file)
    return [
      ...text.matchAll(/event: '([a-z_]+)'/g),
      ...(file === 'issuer/src/security-log.ts' ? text.matchAll(/(?:good|bad): '([a-z_]+)'/g) : []),
    ].map(([, event]) => event!)
  })
  assert.deepEqual(rows(read('docs/events.md')).sort(), [...new Set(written)].sort())
})

test('the commands the documents name are scripts of the project', () => {
  const { scripts } = JSON.parse(read('package.json'))
  const named = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'docs/operations.md'].flatMap(file =>
    [...read(file).matchAll(/npm (?:run )?([a-z][a-z:-]+)/g)].map(([, name]) => name!),
  )
  assert.ok(named.includes('start') && named.includes('test'))
  for (const name of named.filter(name => !['ci', 'install', 'and'].includes(name)))
    assert.ok(scripts[name], name)
})

test('every link of a document leads somewhere', () => {
  const documents = globSync('{*.md,docs/**/*.md}', { cwd: root })
  for (const document of documents)
    for (const [, target] of read(document).matchAll(/\]\((?!https?:)([^)#]+)[^)]*\)/g))
      assert.ok(existsSync(join(root, dirname(document), target!)), `${document} → ${target}`)
})

test('the architecture names the folders there are', () => {
  const { workspaces } = JSON.parse(read('package.json'))
  const named = rows(read('docs/architecture.md')).filter(cell => cell.endsWith('/'))
  for (const folder of workspaces) assert.ok(named.includes(`${folder}/`), folder)
  for (const folder of named) assert.ok(existsSync(join(root, folder)), folder)
})
