// The run for a person at a terminal: the worst first, each with what to do to see it again.
import type { Report, ReportRow } from '../report.ts'
import { createColours } from './colours.ts'

export function toSummary(report: Report, { colour }: { colour: boolean }): string {
  const { red, yellow, dim, bold, green } = createColours(colour)
  const open = report.rows.filter(({ verdict, known }) => verdict === 'fell short' && known === undefined)
  const blocks = [
    ...report.breaches.map(breach => [
      red(bold(`BREACH  ${breach.sentence}`)),
      ...indent(exchangeLines(breach.exchange)),
    ]),
    ...open.map(failureLines),
    listOf('inconclusive', 'Inconclusive: noise was louder than what was measured'),
    listOf('not run', 'Not run'),
    notApplicable(),
    report.faults.map(({ of, rows, message }) =>
      red(`FAULT   of the ${of} in ${rows.join(', ')}: ${message}`),
    ),
    closing(),
  ]
  return `${blocks
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`

  function failureLines(row: ReportRow): string[] {
    return [
      `${red(bold(`${row.id}  ${row.level}`))}  ${bold(row.sentence)}  ${dim(row.clause)}`,
      ...row.findings
        .slice(0, 2)
        .flatMap(({ sentence, why, exchange }) => [
          `  ${red('✗')} ${why ? `${why}: ` : ''}${sentence}`,
          ...indent(exchangeLines(exchange), 4),
        ]),
      ...moreLine(row),
      dim(`  why and how to fix: latchkey-conformance --explain ${row.id}`),
    ]
  }

  function moreLine({ findings, more }: ReportRow): string[] {
    const rest = findings.length - 2 + more
    return rest > 0 ? [dim(`  and ${rest} more like it`)] : []
  }

  function exchangeLines(exchange?: { command: string; answer: string; ms: number }): string[] {
    if (!exchange) return []
    const [status = '', ...rest] = exchange.answer.split(/\r?\n/)
    const body = rest
      .slice(rest.indexOf('') + 1)
      .join(' ')
      .slice(0, 200)
    return [
      ...exchange.command.split('\n').map(dim),
      `${yellow(status)} ${dim(`${body} (${exchange.ms} ms)`)}`,
    ]
  }

  function listOf(verdict: ReportRow['verdict'], title: string): string[] {
    const rows = report.rows.filter(row => row.verdict === verdict)
    if (rows.length === 0) return []
    const groups = Map.groupBy(rows, ({ reasons }) => reasons.join('; '))
    const lines = [...groups].map(
      ([reason, rows]) => `  ${rows.map(({ id }) => id).join(' ')}\n    ${dim(reason)}`,
    )
    return [yellow(`${title} (${rows.length})`), ...lines]
  }

  function notApplicable(): string[] {
    const rows = report.rows.filter(({ verdict }) => verdict === 'not applicable')
    return rows.length === 0
      ? []
      : [dim(`Not applicable (${rows.length})`), dim(wrap(rows.map(({ id }) => id)))]
  }

  function closing(): string[] {
    const { totals, outcome, seed, requests, seconds } = report
    const paint = { held: green, 'fell short': red, 'could not run': yellow }[outcome]
    const counts = Object.entries(totals).filter(([, count]) => count > 0)
    const others = report.because.filter(line => !/ fell short: | was shown to |^fault of /.test(line))
    return [
      ...others.map(line => red(line)),
      `${paint(bold(outcome.toUpperCase()))}  ${counts.map(([name, count]) => `${count} ${name}`).join(', ')}`,
      dim(`${report.target.name}, ${requests} requests in ${seconds.toFixed(1)} s, seed ${seed}`),
    ]
  }
}

function indent(lines: string[], by = 2): string[] {
  return lines.map(line => ' '.repeat(by) + line)
}

function wrap(words: string[]): string {
  const lines: string[] = []
  for (let at = 0; at < words.length; at += 14) lines.push(`  ${words.slice(at, at + 14).join(' ')}`)
  return lines.join('\n')
}
