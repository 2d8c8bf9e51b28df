// The part of docs/proof.md that says of every requirement what became of it in which deployment.
import { cpus, type } from 'node:os'
import type { Report, Row } from './verdict.ts'

export interface Judged {
  deployment: string
  report: Report
}

const WORDS: Record<Row['verdict'], string> = {
  held: 'held',
  'fell short': '**fell short**',
  inconclusive: 'inconclusive',
  'not run': '**not run**',
  'not applicable': 'n/a',
}

export function proofOf(judged: readonly Judged[], date: Date): string {
  const rows = new Map<string, Row>()
  for (const { report } of judged) for (const row of report.rows) rows.set(row.id, row)
  const ids = [...rows.keys()].toSorted()
  const deployments = judged.map(({ deployment }) => deployment)
  return `## Every requirement

Measured by \`npm run conformance -- --report docs/proof.md\`, which makes this part again. \`standalone\` is \`npm start\`;
\`servers\` is an issuer with EdDSA keys and two APIs as processes of their own; \`tls\` is the same with HS256, behind TLS.
\`n/a\` is about what Latchkey does not have ([the list](../proof/not-applicable.yaml)); empty cells: not asked.

${date.toISOString().slice(0, 10)}; ${cpus().length} cores (${cpus()[0]?.model.trim()}), ${type()}, Node ${process.version}.

| | ${deployments.join(' | ')} |
|---|${deployments.map(() => '---|').join('')}
${totals(judged).join('\n')}

| id | what must hold | clause | ${deployments.join(' | ')} |
|---|---|---|${deployments.map(() => '---|').join('')}
${ids.map(id => line(rows.get(id)!, judged)).join('\n')}`
}

function totals(judged: readonly Judged[]): string[] {
  const cells = (of: (report: Report) => number | string) =>
    judged.map(({ report }) => of(report)).join(' | ')
  const count = (verdict: Row['verdict']) =>
    cells(({ rows }) => rows.filter(row => row.verdict === verdict).length)
  return [
    `| held | ${count('held')} |`,
    `| fell short | ${count('fell short')} |`,
    `| inconclusive | ${count('inconclusive')} |`,
    `| not run | ${count('not run')} |`,
    `| not applicable | ${count('not applicable')} |`,
    `| requests | ${cells(({ requests }) => requests)} |`,
    `| seed | ${cells(({ seed }) => `\`${seed}\``)} |`,
  ]
}

function line({ id, sentence, clause }: Row, judged: readonly Judged[]): string {
  const results = judged.map(({ report }) => {
    const row = report.rows.find(row => row.id === id)
    return row ? WORDS[row.verdict] : ''
  })
  return `| ${[id, sentence, clause, ...results].map(escapeCell).join(' | ')} |`
}

const escapeCell = (text: string) => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ').trim()
