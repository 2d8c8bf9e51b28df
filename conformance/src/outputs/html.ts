// The run as one page that needs nothing else: no script, no font, no address of anybody.
import type { Report, ReportRow } from '../report.ts'
import { STYLE } from './html-style.ts'

const TITLES: Record<string, string> = {
  'fell short': 'Fell short',
  known: 'Known failures',
  inconclusive: 'Inconclusive',
  'not run': 'Not run',
  held: 'Held',
  'not applicable': 'Not applicable',
}

const EXPLAINED: Record<string, string> = {
  'fell short': 'What the target did is not what the requirement says.',
  known: 'They fall short and are on the list of known failures.',
  inconclusive: 'Noise was louder than what was measured: neither proved nor disproved.',
  'not run': 'Applicable, but something was missing to try it.',
  held: 'Tried, between requests that must succeed, and as it must be.',
  'not applicable': 'The profile declares that the target has no such feature.',
}

export function toHtml(report: Report): string {
  const { target, outcome } = report
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(target.name)}: ${outcome}</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<p class="tool">${report.tool} ${escapeHtml(report.version)}</p>
<h1>${escapeHtml(target.name)}</h1>
<p class="outcome ${classOf(outcome)}">${sentenceOf(report)}</p>
${barOf(report)}
<dl class="facts">${factsOf(report)}</dl>
</header>
<main>
${sectionsOf(report)}</main>
</body>
</html>
`
}

function sentenceOf({ outcome, totals, breaches }: Report): string {
  const tried = totals.held + totals['fell short'] + totals.known
  if (outcome === 'held') return `All ${totals.held} requirements that were tried hold.`
  if (outcome === 'could not run') return 'The run could not be finished: see the faults.'
  if (breaches.length > 0) return 'Somebody’s data or a secret was shown to somebody else.'
  const fell = totals['fell short']
  return fell === 0 ? 'A rule of the run was broken.' : `${fell} of ${tried} requirements fell short.`
}

function factsOf({ target, seed, requests, seconds, finished }: Report): string {
  const facts: [string, string][] = [
    ['API', target.api],
    ...(target.issuer && target.issuer !== target.api ? [['Issuer', target.issuer] as [string, string]] : []),
    ['Finished', finished.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['Took', `${seconds.toFixed(1)} s, ${requests.toLocaleString('en')} requests`],
    ['Seed', seed],
  ]
  return facts.map(([name, value]) => `<div><dt>${name}</dt><dd>${escapeHtml(value)}</dd></div>`).join('')
}

/** The totals: a bar for the eye, and the numbers with links to their lists. */
function barOf({ totals }: Report): string {
  const shown = Object.keys(TITLES).filter(group => countOf(totals, group) > 0)
  const parts = shown.map(
    group => `<i class="${classOf(group)}" style="flex-grow:${countOf(totals, group)}"></i>`,
  )
  const links = shown.map(
    group =>
      `<li class="${classOf(group)}"><a href="#${classOf(group)}"><b>${countOf(totals, group)}</b> ${TITLES[group]!.toLowerCase()}</a></li>`,
  )
  return `<div class="bar" aria-hidden="true">${parts.join('')}</div>\n<ul class="totals">${links.join('')}</ul>`
}

function countOf(totals: Report['totals'], group: string): number {
  return totals[group as keyof Report['totals']]
}

function rowsOf({ rows }: Report, group: string): ReportRow[] {
  return rows.filter(({ verdict, known }) => (known === undefined ? verdict : 'known') === group)
}

/** The worst first: breaches, what fell short, faults, and then the other lists. */
function sectionsOf(report: Report): string {
  const [worst, ...others] = Object.keys(TITLES).map(group => section(group, report))
  return [breachesOf(report), worst, faultsOf(report), ...others].join('')
}

function section(group: string, report: Report): string {
  const rows = rowsOf(report, group)
  if (rows.length === 0) return ''
  return `<section id="${classOf(group)}" class="${classOf(group)}">
<h2>${TITLES[group]} <span class="count">${rows.length}</span></h2>
<p class="about">${EXPLAINED[group]}</p>
${rows.map(row => details(row, group === 'fell short')).join('\n')}
</section>
`
}

function details(row: ReportRow, isOpen: boolean): string {
  return `<details${isOpen ? ' open' : ''} id="${row.id}">
<summary><span class="id">${row.id}</span><span class="sentence">${proseOf(row.sentence)}</span><span class="clause">${row.level} · ${escapeHtml(row.clause)}</span></summary>
<div class="inside">
${[...row.reasons, ...row.notes].map(text => `<p class="reason">${escapeHtml(text)}</p>`).join('')}${
  row.known === undefined ? '' : `<p class="reason">Known: ${escapeHtml(row.known)}</p>`
}${row.findings.map(findingOf).join('')}${row.more > 0 ? `<p class="reason">and ${row.more} more</p>` : ''}
<p class="why">${proseOf(row.why)}</p>
<p class="count-of">${observationsOf(row)}</p>
</div>
</details>`
}

function observationsOf({ observations, tier }: ReportRow): string {
  const looks = observations === 1 ? '1 observation' : `${observations.toLocaleString('en')} observations`
  return `${looks} · tier ${tier.join('/')}`
}

function findingOf({ why, sentence, exchange }: ReportRow['findings'][number]): string {
  const text = why ? `${why}: ${sentence}` : sentence
  return `<div class="finding"><p>${proseOf(text)}</p>${exchangeOf(exchange)}</div>`
}

function exchangeOf(exchange: ReportRow['findings'][number]['exchange']): string {
  if (!exchange) return ''
  const { command, answer, ms } = exchange
  return `<pre class="sent" tabindex="0">${escapeHtml(command)}</pre><pre class="came" tabindex="0">${escapeHtml(answer)}</pre><p class="took">${ms} ms</p>`
}

function breachesOf({ breaches }: Report): string {
  if (breaches.length === 0) return ''
  const items = breaches.map(
    ({ sentence, rows, exchange }) =>
      `<div class="finding"><p><b>${escapeHtml(sentence)}</b> during ${idsOf(rows)}</p>${exchangeOf(exchange)}</div>`,
  )
  return `<section class="fell-short"><h2>Breaches <span class="count">${breaches.length}</span></h2>
<p class="about">They fail the run, whatever was being judged.</p>${items.join('')}</section>\n`
}

function faultsOf({ faults }: Report): string {
  if (faults.length === 0) return ''
  const items = faults.map(
    ({ of, rows, message }) =>
      `<div class="finding"><p>A fault of the ${of} in ${idsOf(rows)}</p><pre tabindex="0">${escapeHtml(message)}</pre></div>`,
  )
  return `<section class="could-not-run"><h2>Faults <span class="count">${faults.length}</span></h2>
<p class="about">No verdicts: what kept checks from theirs.</p>${items.join('')}</section>\n`
}

const idsOf = (rows: string[]) => rows.map(id => `<span class="nowrap">${id}</span>`).join(', ')

/** What is between backticks is code. */
const proseOf = (text: string) => escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>')

const classOf = (group: string) => group.replaceAll(' ', '-')

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** NUL and its like would be dropped or shown as nothing. */
function escapeHtml(text: string): string {
  return (
    text
      .toWellFormed()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to replace.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
      .replace(/[&<>"']/g, character => ENTITIES[character]!)
  )
}
