// What a run says in the end: one document that all outputs are made of (`schemas/report.json`).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding, RowRecord, Verdict } from './ledger.ts'
import { verdictOf } from './ledger.ts'
import { originsOf, type Profile } from './profile.ts'
import { answerText, commandOf, type Redaction, redact } from './reproduction.ts'
import type { Requirement } from './requirements.ts'
import type { Fault, RunResult } from './runner.ts'

export interface Report {
  tool: string
  version: string
  target: { name: string; api: string; issuer?: string }
  seed: string
  /** ISO 8601. */
  finished: string
  seconds: number
  requests: number
  /** held: everything judged held; fell short: at least one thing did not; could not run: the kit or the target gave up. */
  outcome: 'held' | 'fell short' | 'could not run'
  /** Why it is that, one line each. */
  because: string[]
  totals: Record<Verdict | 'known', number>
  breaches: { sentence: string; rows: string[]; exchange?: Exchange }[]
  faults: Fault[]
  rows: ReportRow[]
  /** The slowest first; several may have run beside one another. */
  checks: { rows: string[]; seconds: number }[]
}

export interface ReportRow {
  id: string
  verdict: Verdict
  level: 'MUST' | 'SHOULD'
  tier: string[]
  clause: string
  sentence: string
  why: string
  observations: number
  findings: { sentence: string; why?: string; exchange?: Exchange }[]
  /** Findings beyond those listed. */
  more: number
  /** Why it was not run, not applicable or inconclusive. */
  reasons: string[]
  notes: string[]
  /** Why it may fall short, by the file of known failures. */
  known?: string
}

export interface Exchange {
  /** How to send it again. */
  command: string
  answer: string
  status: number
  ms: number
}

export interface ReportOptions {
  profile: Profile
  result: RunResult
  requirements: Map<string, Requirement>
  /** Rows that may fall short, with the reason. */
  known: Map<string, string>
  /** Tiers whose rows must be run. */
  required: string[]
  /** Tokens of real accounts are written out. */
  showTokens?: boolean
  finished: Date
}

export function createReport(options: ReportOptions): Report {
  const { profile, result, finished } = options
  const redaction = redactionOf(options)
  const rows = result.rows.map(record => rowOf(record, options, redaction)).sort(worstFirst)
  const because = reasonsAgainst(rows, options)
  const faults = result.faults.map(fault => ({ ...fault, message: redact(fault.message, redaction.secrets) }))
  return {
    tool: 'latchkey-conformance',
    version: versionOfKit(),
    target: {
      name: profile.name,
      api: profile.api.url,
      ...(profile.issuer && { issuer: profile.issuer.url }),
    },
    seed: result.seed,
    finished: finished.toISOString(),
    seconds: rounded(result.seconds),
    requests: result.requests,
    outcome: because.length > 0 ? 'fell short' : faults.length > 0 ? 'could not run' : 'held',
    because: [
      ...because,
      ...faults.map(
        ({ of, rows, message }) => `fault of the ${of} in ${rows.join(', ')}: ${firstLine(message)}`,
      ),
    ],
    totals: totalsOf(rows),
    breaches: result.breaches.map(({ sentence, rows, answer }) => ({
      sentence,
      rows,
      ...(answer && { exchange: exchangeOf({ answer }, redaction) }),
    })),
    faults,
    rows,
    checks: result.checks.map(({ rows, seconds }) => ({ rows, seconds: rounded(seconds) })),
  }
}

export const EXIT_CODES = { held: 0, 'fell short': 1, 'could not run': 2 } as const

function redactionOf({ profile, result, showTokens }: ReportOptions): Redaction {
  const isShown = ({ what }: { what: string }) => showTokens === true && what.includes('token')
  return {
    secrets: result.secrets.filter(secret => !isShown(secret)),
    origins: originsOf(profile),
  }
}

function rowOf(record: RowRecord, { requirements, known }: ReportOptions, redaction: Redaction): ReportRow {
  const { id, observations, findings, more, notes } = record
  const { level = 'MUST', tier = [], clause = '', sentence = '', why = '' } = requirements.get(id) ?? {}
  const verdict = verdictOf(record)
  const reason = known.get(id)
  return {
    ...{ id, verdict, level, tier, clause, sentence, why, observations, more, notes },
    findings: findings.map(finding => ({
      sentence: redact(finding.sentence, redaction.secrets),
      ...(finding.why && { why: finding.why }),
      ...(finding.answer && { exchange: exchangeOf(finding, redaction) }),
    })),
    reasons: reasonsOf(record, verdict),
    ...(reason !== undefined && verdict === 'fell short' && { known: reason }),
  }
}

function reasonsOf({ inconclusive, notRun, notApplicable }: RowRecord, verdict: Verdict): string[] {
  if (verdict === 'held' || verdict === 'not applicable') return [...new Set(notApplicable)]
  const reasons = [...new Set([...inconclusive, ...notRun])]
  return verdict === 'not run' && reasons.length === 0 ? ['no check judges it'] : reasons
}

function exchangeOf({ answer }: Pick<Finding, 'answer'>, redaction: Redaction): Exchange {
  return {
    command: commandOf(answer!.request, redaction),
    answer: answerText(answer!, redaction),
    status: answer!.status,
    ms: Math.round(answer!.ms * 10) / 10,
  }
}

/** Everything that makes the run a failure. */
function reasonsAgainst(rows: ReportRow[], { result, known, required }: ReportOptions): string[] {
  const fell = rows.filter(({ verdict, known }) => verdict === 'fell short' && known === undefined)
  const isRequired = ({ tier }: ReportRow) =>
    tier.some(name => required.includes(name)) || required.includes('all')
  const missed = rows.filter(row => row.verdict === 'not run' && isRequired(row))
  const stale = [...known.keys()].filter(id => rows.some(row => row.id === id && row.verdict === 'held'))
  return [
    ...result.breaches.map(({ sentence, rows }) => `${sentence} (${rows.join(', ') || 'while preparing'})`),
    ...fell.map(({ id, sentence }) => `${id} fell short: ${sentence}`),
    ...missed.map(({ id, reasons }) => `${id} is required and was not run: ${reasons.join('; ')}`),
    ...stale.map(id => `${id} is listed as a known failure and holds: take it off the list`),
  ]
}

function totalsOf(rows: ReportRow[]): Report['totals'] {
  const count = (verdict: Verdict) =>
    rows.filter(row => row.verdict === verdict && row.known === undefined).length
  return {
    'fell short': count('fell short'),
    known: rows.filter(({ known }) => known !== undefined).length,
    inconclusive: count('inconclusive'),
    'not run': count('not run'),
    'not applicable': count('not applicable'),
    held: count('held'),
  }
}

const ORDER: Verdict[] = ['fell short', 'inconclusive', 'not run', 'held', 'not applicable']

function worstFirst(one: ReportRow, other: ReportRow): number {
  const rank = ({ verdict, known, level }: ReportRow) =>
    ORDER.indexOf(verdict) * 4 + (known === undefined ? 0 : 2) + (level === 'MUST' ? 0 : 1)
  return rank(one) - rank(other) || one.id.localeCompare(other.id)
}

export function versionOfKit(): string {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')).version
}

const rounded = (seconds: number) => Math.round(seconds * 100) / 100

const firstLine = (text: string) => text.split('\n')[0]!
