// One server of the self-test, with one fault or none: which rows fell short, and whether these are the right ones.
import type { Check } from '../src/check.ts'
import { checks as allChecks } from '../src/checks/index.ts'
import { DAMAGE } from '../src/kit.ts'
import { verdictOf } from '../src/ledger.ts'
import { runChecks } from '../src/runner.ts'
import type { Fault } from './faults/fault.ts'
import { startGoodServer } from './good-server.ts'
import { hooksOf, profileOf } from './profile.ts'
import type { Variant } from './state.ts'

/** Rows about everything a server does: a fault that is not theirs may not fire on them. */
const UNRELATED = [
  ...['T-001', 'T-005', 'T-007', 'T-010', 'T-013', 'T-031', 'T-034', 'T-051', 'T-066', 'T-078', 'T-082'],
  ...['T-096', 'T-109', 'T-113', 'T-127', 'T-139', 'T-146', 'T-152', 'T-162', 'T-166', 'T-172', 'T-180'],
  ...['T-196', 'T-217', 'T-222', 'T-239', 'T-244', 'T-252', 'T-285'],
]

export interface Trial {
  /** The fault's name; null for the good server. */
  fault: string | null
  variant: Variant
  fell: string[]
  /** Rows of the good server with the reason why nobody could say that they hold. */
  open: [row: string, verdict: string, reason: string][]
  held: string[]
  /** What is wrong with the kit; empty when it judged as it must. */
  complaints: string[]
  seconds: number
}

/** With `again`, of the good server, the checks of these alone. */
export async function tryFault(fault: Fault | null, variant: Variant, again?: string[]): Promise<Trial> {
  const server = await startGoodServer(fault ? [fault.name] : [], variant)
  const checks = fault ? checksFor(fault) : checksOf(variant, again)
  const rows = [...new Set(checks.flatMap(check => check.rows))].sort()
  const options = { profile: await profileOf(server), hooks: hooksOf(server), checks, rows }
  const result = await runChecks({ ...options, seed: 'self-test', jobs: 4 })
  await server.close()

  const allowed = [...(fault?.kills ?? []), ...(fault?.also ?? [])]
  const breached = result.breaches.flatMap(breach => breach.rows)
  const fell = result.rows.filter(row => verdictOf(row) === 'fell short').map(({ id }) => id)
  const isRightBreach = breached.length === 0 || breached.some(id => allowed.includes(id))
  const findings = (id: string) => result.rows.find(row => row.id === id)?.findings ?? []
  // The rows were changed by another check's attack; this one only looked at them next.
  const isBystander = (id: string) =>
    fault?.damages === true && findings(id).every(({ sentence }) => sentence === DAMAGE)
  const sentences = (id: string) => result.rows.find(row => row.id === id)?.findings.map(sentenceOf) ?? []
  return {
    fault: fault?.name ?? null,
    variant,
    fell,
    held: result.rows.filter(row => verdictOf(row) === 'held').map(({ id }) => id),
    open: result.rows
      .filter(row => ['not run', 'inconclusive', 'not applicable'].includes(verdictOf(row)))
      .map(row => [row.id, verdictOf(row), reasonOf(row)]),
    complaints: [
      ...(fault?.kills ?? []).filter(id => !fell.includes(id)).map(id => `${id} is not killed`),
      ...fell
        .filter(id => !allowed.includes(id) && !isBystander(id))
        .map(id => `${id} fell short: ${sentences(id).join('; ')}`),
      ...(isRightBreach
        ? []
        : result.breaches.map(({ sentence, rows }) => `${sentence} (${rows.join(', ')})`)),
      ...result.faults.map(
        ({ rows, of, message }) => `a fault of the ${of} in ${rows.join(', ')}: ${message}`,
      ),
    ],
    seconds: result.seconds,
  }
}

/** Slow ones say nothing about keys, in which the other deployments differ. */
function checksOf(variant: Variant, rows?: string[]): Check[] {
  const own = variant === 'hs256' ? allChecks : allChecks.filter(check => check.kind === undefined)
  return rows ? own.filter(check => check.rows.some(row => rows.includes(row))) : own
}

/** The checks it must fail, and the unrelated ones; slow ones only where they must catch. */
function checksFor({ kills, also = [] }: Fault): Check[] {
  const isOf = (rows: string[]) => (check: Check) => check.rows.some(row => rows.includes(row))
  const unrelated = allChecks.filter(isOf(UNRELATED)).filter(check => check.kind === undefined)
  const slow = (check: Check) => check.kind !== undefined && !isOf(kills)(check)
  const own = allChecks.filter(isOf([...kills, ...also])).filter(check => !slow(check))
  return [...new Set([...own, ...unrelated])]
}

function sentenceOf({ why, sentence }: { why?: string; sentence: string }): string {
  return why ? `${why}: ${sentence}` : sentence
}

function reasonOf({
  inconclusive,
  notRun,
  notApplicable,
}: Record<'inconclusive' | 'notRun' | 'notApplicable', string[]>) {
  return [...inconclusive, ...notRun, ...notApplicable][0] ?? 'no check judges it'
}
