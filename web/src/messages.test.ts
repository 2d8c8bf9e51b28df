import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, test } from 'node:test'
import { parseSync } from 'vite'
import { german } from './german.ts'
import { catalogue, count, messages, params, speak } from './messages.ts'

const SOURCES = globSync('**/*.{ts,tsx}', { cwd: import.meta.dirname }).filter(
  file => !file.endsWith('.test.ts'),
)
const ENGLISH = SOURCES.filter(file => /texts\.ts$/.test(file))
const CODE = SOURCES.filter(file => !/(texts(\.de)?|-cases)\.ts$/.test(file))

const sample = messages('sample', {
  plain: 'Plain',
  remove: params('Delete {title} from {list}'),
  tasks: count({ one: '{count} task', other: '{count} tasks' }),
  moved: count({ one: '{count} task moved to {list}', other: '{count} tasks moved to {list}' }),
})

afterEach(() => speak('en'))

test('a text is said with its values, whatever these look like', () => {
  assert.equal(sample.plain, 'Plain')
  assert.equal(sample.remove({ title: '$& {list} $1', list: 'Home' }), 'Delete $& {list} $1 from Home')
  assert.equal(sample.tasks(1), '1 task')
  assert.equal(sample.tasks(0), '0 tasks')
  assert.equal(sample.moved(12_000, { list: 'Home' }), '12,000 tasks moved to Home')
})

test('German is said once it is spoken, and English again after that', async () => {
  const { texts } = await import('./texts.ts')
  const { failureTexts } = await import('./failure-texts.ts')
  assert.equal(texts.cancel, 'Cancel')
  await speak('de', 'de-DE')
  assert.equal(texts.cancel, 'Abbrechen')
  assert.match(failureTexts.busyForMinutes(1), /in 1 Minute /)
  assert.match(failureTexts.busyForMinutes(1200), /in 1\.200 Minuten /)
  await speak('en')
  assert.equal(texts.cancel, 'Cancel')
})

test('an area is named as it is exported, and every text of it has its German with the same values', async () => {
  for (const file of ENGLISH) {
    const areas = Object.keys(await import(join(import.meta.dirname, file)))
    assert.notEqual(areas.length, 0, file)
    for (const area of areas) holdAgainstGerman(area)
  }
  const english = Object.keys(catalogue.en!).filter(area => area !== 'sample')
  assert.deepEqual(Object.keys(german).sort(), english.sort())
})

const SAME_IN_BOTH = new Set(['', 'Indigo', 'Latchkey', 'Name', 'Offline', 'Orange', 'System'])

function holdAgainstGerman(area: string) {
  const english = catalogue.en?.[area]
  const translated = (german as typeof catalogue.en)?.[area]
  assert.ok(english, `${area} is not the name its messages were given`)
  assert.ok(translated, `${area} has no German, or its file is not named in german.ts`)
  assert.deepEqual(Object.keys(translated).sort(), Object.keys(english).sort(), area)
  for (const [key, text] of Object.entries(english)) {
    const where = `${area}.${key}`
    const forms = formsOf(translated[key]!)
    assert.deepEqual(Object.keys(forms), Object.keys(formsOf(text)), where)
    for (const [form, said] of Object.entries(formsOf(text))) {
      assert.deepEqual(valuesIn(forms[form]!), valuesIn(said), where)
      assert.ok(said !== forms[form] || SAME_IN_BOTH.has(said), `${where} is not translated`)
      assert.doesNotMatch(forms[form]!, /\.\.\.|["']|\b(Ihr|Ihre[mnrs]?|Ihnen)\b/, where)
    }
  }
}

const formsOf = (text: string | object): Record<string, string> =>
  typeof text === 'string' ? { text } : { ...text }

const valuesIn = (text: string) =>
  [...text.matchAll(/\{(\w+)\}/g)]
    .map(([, name]) => name)
    .filter(name => name !== 'count')
    .sort()

test('no text stands in the code', () => {
  const found = CODE.flatMap(file => textsIn(nodesOf(file)).map(text => `${file}: ${text}`))
  assert.deepEqual(found, [])
})

test('no text is read at the top level of a module, before the language is known', () => {
  const found = CODE.flatMap(file => {
    const program = parsed(file)
    const areas = areasImportedBy(program)
    return [...walk(program, isFunction)]
      .filter(node => node.type === 'MemberExpression' && areas.has(node.object.name))
      .map(node => `${file}: ${node.object.name}`)
  })
  assert.deepEqual(found, [])
})

test('a component that React may skip asks for the language itself', () => {
  const skipped = CODE.filter(file => /\bmemo\(/.test(sourceOf(file)))
  assert.deepEqual(
    skipped.filter(file => !/\buseLocale\(\)/.test(sourceOf(file))),
    [],
  )
})

// biome-ignore lint/suspicious/noExplicitAny: the nodes of every kind, walked without knowing which
type Node = any

const sourceOf = (file: string) => readFileSync(join(import.meta.dirname, file), 'utf8')
const parsed = (file: string): Node => parseSync(file, sourceOf(file)).program
const nodesOf = (file: string): Node[] => [...walk(parsed(file))]
const isFunction = (node: Node) => /Function/.test(node.type)

function* walk(node: Node, skips: (node: Node) => boolean = () => false): Generator<Node> {
  if (Array.isArray(node)) for (const part of node) yield* walk(part, skips)
  if (typeof node?.type !== 'string' || skips(node)) return
  yield node
  for (const part of Object.values(node)) if (typeof part === 'object') yield* walk(part, skips)
}

function areasImportedBy(program: Node): Set<string> {
  const imports = program.body.filter(
    (node: Node) => node.type === 'ImportDeclaration' && /texts\.ts$/.test(node.source.value),
  )
  return new Set(imports.flatMap((node: Node) => node.specifiers.map((one: Node) => one.local.name)))
}

const SAID =
  /^(aria-label|aria-description|aria-roledescription|aria-valuetext|title|placeholder|alt|label|lead|text|hint)$/
const SENTENCE = /^\p{Lu}\p{Ll}+,? \p{Ll}+/u
const hasLetters = (text: string) => /\p{L}{2}/u.test(text)

/** What is written between tags, in attributes a person meets, or anywhere else as a sentence that is no error. */
function textsIn(nodes: Node[]): string[] {
  const errors = new Set(nodes.filter(node => node.type === 'NewExpression').flatMap(node => node.arguments))
  return nodes.flatMap(node => {
    if (node.type === 'JSXText') return [node.value.trim()].filter(hasLetters)
    if (node.type === 'JSXElement') return node.children.flatMap(shownBy).filter(hasLetters)
    if (node.type === 'JSXAttribute' && SAID.test(node.name.name))
      return shownBy(node.value).filter(hasLetters)
    if (node.type === 'Literal' && !errors.has(node)) return shownBy(node).filter(text => SENTENCE.test(text))
    return []
  })
}

/** The texts an expression may come to. */
function shownBy(node: Node): string[] {
  if (node?.type === 'Literal') return typeof node.value === 'string' ? [node.value] : []
  if (node?.type === 'TemplateLiteral') return node.quasis.map((quasi: Node) => quasi.value.raw)
  if (node?.type === 'JSXExpressionContainer') return shownBy(node.expression)
  if (node?.type === 'ConditionalExpression') return [node.consequent, node.alternate].flatMap(shownBy)
  return node?.type === 'LogicalExpression' ? [node.left, node.right].flatMap(shownBy) : []
}
