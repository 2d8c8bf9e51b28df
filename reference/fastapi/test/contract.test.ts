// What the Python API says of itself is what ours says of the core.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call } from '../../../test/in-process.ts'
import { type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
before(async () => {
  deployment = await deploy()
})
after(async () => await deployment?.close())

// biome-ignore lint/suspicious/noExplicitAny: a description is what it is; the comparison says what it must be.
type Json = any

const CORE = ['listTasks', 'createTask', 'readTask', 'replaceTask', 'changeTask', 'deleteTask', 'toggleTask']
/** What organizes tasks: members, parameters and problems that are none of the core's. */
const ORGANIZING = new Set([
  ...['due', 'priority', 'tags', 'list', 'parent', 'position', 'recurrence', 'completed_at', 'deleted_at'],
  ...[
    'subtasks',
    'next',
    'tag',
    'due_before',
    'due_after',
    'q',
    'trash',
    'sort',
    'tag_exists',
    'limit_reached',
  ],
])

/** The core operations of a description, by name: with every schema in place, and in one way of writing. */
function coreOf(document: Json): Record<string, Json> {
  const operations = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
    Object.entries<Json>(item).map(([method, operation]) => ({ path, method, ...operation })),
  )
  const core = operations.filter(({ operationId }) => CORE.includes(operationId))
  return Object.fromEntries(core.map(operation => [operation.operationId, written(operation, document)]))
}

function written(value: Json, document: Json): Json {
  if (Array.isArray(value)) return value.map(entry => written(entry, document))
  if (typeof value !== 'object' || value === null) return value
  if (value.$ref) return written(at(document, value.$ref), document)
  const { anyOf, title, examples, default: byDefault, ...rest } = value
  const merged = anyOf ? nullable(anyOf, rest) : rest
  const entries = Object.entries<Json>(merged).map(([name, member]) => [name, written(member, document)])
  const object = Object.fromEntries(entries)
  // A schema's own name, and not a member that is called so.
  if (title !== undefined && typeof title !== 'string') object.title = written(title, document)
  return tidied(object)
}

/** `anyOf` with null is another way to write two types. */
function nullable(anyOf: Json[], rest: Json): Json {
  const [schema] = anyOf.filter(({ type }) => type !== 'null')
  return { ...schema, ...rest, type: [schema.type, 'null'] }
}

function tidied(object: Json): Json {
  const without = (names: Json) => names.filter((name: string) => !ORGANIZING.has(name)).sort()
  if (Array.isArray(object.required)) object.required = without(object.required)
  if (Array.isArray(object.enum)) object.enum = without(object.enum)
  if (object.const !== undefined) object.enum = [object.const]
  if (object.properties)
    object.properties = Object.fromEntries(
      Object.entries(object.properties).filter(([name]) => !ORGANIZING.has(name)),
    )
  if (object.parameters)
    object.parameters = object.parameters
      .filter(({ name, in: place }: Json) => place !== 'query' || !ORGANIZING.has(name))
      .map(parameterOf)
      .sort((a: Json, b: Json) => a.name.localeCompare(b.name))
  return object
}

/** A parameter's description is written beside its schema, in it, or both. */
function parameterOf({
  description,
  schema: { description: inner, ...schema },
  required = false,
  ...rest
}: Json): Json {
  return { ...rest, required, schema, description: description ?? inner }
}

const at = (document: Json, ref: string) =>
  ref
    .slice(2)
    .split('/')
    .reduce((value, name) => value[name], document)

test('the operations and schemas of the core are the same', async () => {
  const documents = await Promise.all(
    [deployment.ours, deployment.theirs].map(async api => (await call(api, 'GET', '/api/openapi.json')).body),
  )
  const [ours, theirs] = documents.map(coreOf)
  assert.deepEqual(Object.keys(ours!).sort(), [...CORE].sort())
  for (const name of CORE) assert.deepEqual(theirs![name], ours![name], name)
  const [, described] = documents
  assert.equal(described.openapi.slice(0, 3), '3.1')
  assert.deepEqual(described.components.securitySchemes, documents[0].components.securitySchemes)
  assert.deepEqual(
    Object.keys(coreOf(described)).length,
    Object.values<Json>(described.paths).flatMap(Object.keys).length,
  )
})
