import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ProfileFault, parseProfile, SCHEMA_FILE } from './profile.ts'

interface Setting {
  type?: string
  enum?: string[]
  $ref?: string
  items?: { type?: string }
  default?: unknown
  description?: string
}

const schema = JSON.parse(readFileSync(SCHEMA_FILE, 'utf8'))
const described: Record<string, Setting> = schema.properties.choices.properties
const read = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
const sources = globSync(join(import.meta.dirname, 'checks/*.ts'))
  .filter(file => !file.endsWith('.test.ts'))
  .map(file => readFileSync(file, 'utf8'))
  .join('\n')

test('every choice that checks may read is in the schema, with its type and what it is', () => {
  const names = [...read('choices.ts').matchAll(/^ {2}(\w+)\??: /gm)].map(([, name]) => name!)
  assert.deepEqual(names.toSorted(), Object.keys(described).toSorted())
  for (const [name, { type, enum: values, description }] of Object.entries(described)) {
    assert.ok(type !== undefined || values !== undefined, name)
    assert.match(description ?? '', /^T-\d{3}.*\.$/, name)
  }
})

test('checks read every choice of the schema, and no other', () => {
  const isRead = (name: string) => new RegExp(`choices\\.${name}\\b|'${name}'`).test(sources)
  const ofParameters = (name: string) =>
    /^\w+Parameter$/.test(name) && sources.includes('choices[`$' + '{name}Parameter`]')
  for (const name of Object.keys(described))
    assert.ok(isRead(name) || ofParameters(name), `${name} is read by nobody`)
  for (const [, name] of sources.matchAll(/\bchoices\??\.(\w+)/g)) assert.ok(name! in described, name!)
})

test('what the schema says is usual is what a check reads', () => {
  const { choices } = parseProfile(profileWith('{}'))
  for (const [name, { default: usual }] of Object.entries(described))
    assert.deepEqual(choices[name as keyof typeof choices], usual, name)
})

test('an unknown choice, a wrong type and a value that is none are refused by name', () => {
  const faultsOf = (choices: string) => {
    try {
      parseProfile(profileWith(choices))
    } catch (error) {
      assert.ok(error instanceof ProfileFault)
      return error.faults
    }
    return []
  }
  assert.deepEqual(faultsOf('{ requestTimeuot: 30 }'), ['choices: there is no setting "requestTimeuot"'])
  assert.deepEqual(faultsOf('{ requestTimeout: soon }'), ['choices.requestTimeout: must be number'])
  assert.deepEqual(faultsOf('{ takenEmail: yes }'), ['choices.takenEmail: must be one of hidden, told'])
  assert.deepEqual(faultsOf('{ sorts: newest }'), ['choices.sorts: must be array'])
})

test('profile.md describes every setting as the schema does', () => {
  const document = read('../profile.md')
  const written = document.split('\n').filter(line => line.startsWith('| `'))
  const sections = ['accounts', 'token', 'task', 'errors', 'limits', 'bounds', 'choices']
  const expected = sections.flatMap(section =>
    Object.entries<Setting>(schema.properties[section].properties).map(([name, setting]) =>
      rowOf(name, setting),
    ),
  )
  assert.deepEqual(written, expected)
  for (const section of sections) assert.ok(document.includes(`\n## \`${section}\`\n`), section)
})

function rowOf(name: string, { description = '', ...setting }: Setting): string {
  return `| \`${name}\` | ${kindOf(setting)} | ${usualOf(setting)} | ${description} |`
}

const KINDS: Record<string, string> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  object: 'object',
}

function kindOf({ $ref, enum: values, type, items }: Setting): string {
  if ($ref) return $ref.split('/').at(-1)!
  if (values) return values.map(value => `\`${value}\``).join(' or ')
  if (type === 'array') return items?.type === 'string' ? 'texts' : 'list'
  return KINDS[type!]!
}

function usualOf({ default: usual }: Setting): string {
  const text = [usual ?? []].flat().join(', ')
  return text && `\`${text}\``
}

function profileWith(choices: string): string {
  return `
name: A test
api: { url: http://127.0.0.1:1 }
accounts: { ready: { a: { id: a, token: t }, b: { id: b, token: u } } }
token: { alg: HS256 }
routes:
  list: { method: GET, path: /tasks }
  create: { method: POST, path: /tasks, body: { title: x } }
  read: { method: GET, path: '/tasks/{id}' }
task: { id: id, title: title }
choices: ${choices}
`
}
