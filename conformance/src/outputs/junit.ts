// JUnit's XML, as CI systems read it: one test case a row.
import type { Report, ReportRow } from '../report.ts'

export function toJunit(report: Report): string {
  const { rows, breaches, faults } = report
  const cases = [...rows.map(rowCase), ...breaches.map(breachCase), ...faults.map(faultCase)]
  const failures = rows.filter(isFailure).length + breaches.length
  const skipped = rows.filter(isSkipped).length
  const counts = { tests: cases.length, failures, errors: faults.length, time: report.seconds }
  const suite = {
    name: `${report.tool}: ${report.target.name}`,
    ...counts,
    skipped,
    timestamp: report.finished,
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${attributes({ name: report.tool, ...counts })}>`,
    `  <testsuite ${attributes(suite)}>`,
    `    <properties><property ${attributes({ name: 'seed', value: report.seed })}/></properties>`,
    ...cases.map(text => `    ${text}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function rowCase(row: ReportRow): string {
  const named = { classname: `${row.level} ${row.clause}`, name: `${row.id} ${row.sentence}` }
  return testcase(named, isFailure(row) ? failureOf(row) : isSkipped(row) ? skippedOf(row) : '')
}

const isFailure = ({ verdict, known }: ReportRow) => verdict === 'fell short' && known === undefined

const isSkipped = (row: ReportRow) => row.verdict !== 'held' && !isFailure(row)

function failureOf({ findings, more }: ReportRow): string {
  const text = findings.map(({ sentence, why, exchange }) =>
    [why ? `${why}: ${sentence}` : sentence, exchange?.command, exchange?.answer]
      .filter(Boolean)
      .join('\n\n'),
  )
  const rest = more > 0 ? [`and ${more} more`] : []
  return `<failure ${attributes({ message: findings[0]!.sentence })}>${escapeXml([...text, ...rest].join('\n\n---\n\n'))}</failure>`
}

function skippedOf({ verdict, known, reasons }: ReportRow): string {
  const reason = known === undefined ? `${verdict}: ${reasons.join('; ')}` : `known failure: ${known}`
  return `<skipped ${attributes({ message: reason })}/>`
}

function breachCase({ sentence, rows, exchange }: Report['breaches'][number]): string {
  const text = escapeXml([exchange?.command, exchange?.answer].filter(Boolean).join('\n\n'))
  const failure = `<failure ${attributes({ message: sentence })}>${text}</failure>`
  return testcase({ classname: 'breach', name: `${sentence} (${rows.join(', ')})` }, failure)
}

function faultCase({ of, rows, message }: Report['faults'][number]): string {
  const error = `<error ${attributes({ message: `a fault of the ${of}` })}>${escapeXml(message)}</error>`
  return testcase({ classname: `fault of the ${of}`, name: rows.join(', ') }, error)
}

function testcase(named: Record<string, string>, content: string): string {
  const head = `<testcase ${attributes(named)}`
  return content === '' ? `${head}/>` : `${head}>${content}</testcase>`
}

function attributes(values: Record<string, string | number>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}="${escapeXml(String(value))}"`)
    .join(' ')
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}

/** What XML 1.0 §2.2 does not allow at all, such as NUL in an answer, becomes U+FFFD. */
export function escapeXml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
      .replace(/[&<>"']/g, character => ENTITIES[character]!)
  )
}
