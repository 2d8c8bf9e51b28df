import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { faults } from './faults.ts'
import { proofOf } from './report.ts'

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
  const proof = documentOf('proof.md').replaceAll(/\s+/g, ' ')
  const readme = documentOf('../README.md').replaceAll(/\s+/g, ' ')
  const [, recovery] = /The worst recovery was (\d+ ms)/.exec(proof) ?? []
  const [, p99] = /\| nothing broken \| \d+ \| \d+ ms \| (\d+ ms) \|/.exec(proof) ?? []
  const sentence = `back in ${recovery} at worst, 99 % of sign-outs within ${p99}`
  assert.ok(recovery && p99 && readme.includes(sentence), `README.md must say: ${sentence}`)
})

test('a report has all that README.md and the tests read in it', () => {
  const times = { count: 200, p50: 55.4, p99: 240.2, worst: 244 }
  const result = (name: string, recovery: number) => ({
    name,
    seconds: 1,
    worst: { recovery },
    answers: 1,
    rows: 1,
    faults: [],
  })
  const text = proofOf({
    seed: 1,
    form: 'long',
    startedAt: '2026-11-21T00:00:00.000Z',
    seconds: 400,
    calm: { ...times, worstLag: 230 },
    faulty: times,
    faults: [result('api-killed', 10), result('api-killed', 1015.2)],
  })
  assert.match(text, /npm run chaos -- --long --seed 1 /)
  assert.match(text.replaceAll(/\s+/g, ' '), /The worst recovery was 1015 ms/)
  assert.match(text, /\| nothing broken \| 200 \| 55 ms \| 240 ms \| 244 ms \|/)
  assert.equal(text.match(/^\| `api-killed` \| 1015 ms \|/gm)?.length, 1)
})
