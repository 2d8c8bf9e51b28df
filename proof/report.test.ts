import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parse } from 'yaml'
import { withPart } from '../chaos/page.ts'
import { proofOf } from './report.ts'
import { listNotApplicable, type Report, type Row } from './verdict.ts'

const root = join(import.meta.dirname, '..')
const proof = readFileSync(join(root, 'docs/proof.md'), 'utf8')

/** The ids and clauses of every requirement there is. */
const requirements = new Map(
  globSync('conformance/requirements/*.yaml', { cwd: root })
    .flatMap(file => Object.entries(parse(readFileSync(join(root, file), 'utf8'), { merge: true })))
    .filter(([id]) => id.startsWith('T-')) as [string, Row][],
)

/** The table of docs/proof.md: cells by id. */
const table = new Map(
  [...proof.matchAll(/^\| (T-\d+) \| (.*) \|$/gm)].map(([, id, cells]) => [id!, cells!.split(' | ')]),
)

test('docs/proof.md has a row for every requirement of the kit, and no other', () => {
  assert.ok(requirements.size > 200)
  assert.deepEqual([...table.keys()], [...requirements.keys()].toSorted())
})

test('docs/proof.md says of every requirement what the kit asks', () => {
  for (const [id, cells] of table)
    assert.equal(cells[0]!.replaceAll('\\|', '|'), requirements.get(id)!.sentence.trim(), id)
})

test('nothing in docs/proof.md fell short or was not run, and what is n/a is on the list', () => {
  const [, heading = ''] = /^\| id \| what must hold \| clause \| (.*) \|$/m.exec(proof) ?? []
  const deployments = heading.split(' | ')
  assert.deepEqual(deployments, ['standalone', 'servers', 'tls'])
  for (const [index, deployment] of deployments.entries()) {
    const verdicts = [...table].map(([id, cells]) => [id, cells[2 + index]!] as const)
    assert.ok(verdicts.every(([, verdict]) => !verdict.includes('**')))
    const absent = verdicts.filter(([, verdict]) => verdict === 'n/a').map(([id]) => id)
    const asked = verdicts.filter(([, verdict]) => verdict !== '').map(([id]) => id)
    const expected = listNotApplicable(deployment).filter(id => asked.includes(id))
    assert.deepEqual(absent, expected, deployment)
  }
})

test('a report is a table of ids, sentences, clauses and verdicts, a column for each deployment', () => {
  const row = (verdict: Row['verdict']): Row => ({
    id: 'T-031',
    verdict,
    clause: 'RFC 8725 §3.2',
    sentence: 'A | B',
    findings: [],
    reasons: [],
  })
  const report = (verdict: Row['verdict']): Report => ({
    seed: 's',
    outcome: 'held',
    because: [],
    seconds: 1,
    requests: 10,
    rows: [row(verdict)],
  })
  const judged = [
    { deployment: 'one', report: report('held') },
    { deployment: 'two', report: report('not applicable') },
  ]
  const text = proofOf(judged, new Date('2026-11-21'))
  assert.match(text, /^\| id \| what must hold \| clause \| one \| two \|$/m)
  assert.match(text, /^\| T-031 \| A \\\| B \| RFC 8725 §3.2 \| held \| n\/a \|$/m)
})

test('each command writes its own part of the page and leaves the others', () => {
  const page =
    'a\n<!-- chaos -->\nold\n<!-- /chaos -->\nb\n<!-- conformance -->\nkept\n<!-- /conformance -->\n'
  const changed = withPart(page, 'chaos', 'new\n')
  assert.equal(changed, page.replace('old', 'new'))
  assert.throws(() => withPart('no marks', 'chaos', 'new'), /no marks/)
})
