import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPart } from '../chaos/page.ts'
import { proofOf } from './report.ts'
import type { Report, Row } from './verdict.ts'

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
