import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { faults } from './faults.ts'

const documentOf = (name: string) => readFileSync(join(import.meta.dirname, '../docs', name), 'utf8')

test('docs/operations.md states an answer to every fault, and every row is a fault', () => {
  const [, section = ''] = documentOf('operations.md').split('## When something fails')
  const rows = [...section.split('\n## ')[0]!.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual(rows.toSorted(), faults.map(({ name }) => name).toSorted())
})

test('docs/proof.md has a measured row for every fault', () => {
  const rows = [...documentOf('proof.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name)
  assert.deepEqual([...new Set(rows)].toSorted(), faults.map(({ name }) => name).toSorted())
})

test('the numbers of README.md are those of docs/proof.md', () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const [paragraph = ''] = /`npm run chaos`[\s\S]*?\n\n/.exec(readme) ?? []
  const quoted = [...paragraph.matchAll(/\d+ ms/g)].map(([time]) => time)
  assert.equal(quoted.length, 2)
  for (const time of quoted) assert.ok(documentOf('proof.md').includes(` ${time}`), time)
})
