// What a run has found: a line for a person, a document for a machine, and a part of docs/proof.md.
import { cpus, totalmem, type } from 'node:os'

export interface FaultResult {
  name: string
  seconds: number
  /** The worst time of each measured name, in milliseconds. */
  worst: Record<string, number>
  answers: number
  rows: number
  faults: string[]
}

export interface SignOutTimes {
  count: number
  p50: number
  p99: number
  worst: number
  /** From when a sign-out was asked to when its token was last accepted anywhere. */
  worstLag: number
}

export interface Result {
  seed: number
  form: 'short' | 'long'
  startedAt: string
  seconds: number
  calm: SignOutTimes
  faulty: Omit<SignOutTimes, 'worstLag'>
  faults: FaultResult[]
}

/** Of what was wrong under one fault; the rest is in the document. */
const SHOWN = 12

export function lineOf({ name, seconds, worst, answers, rows, faults }: FaultResult): string {
  const times = Object.entries(worst).map(([what, ms]) => `${what} ${Math.round(ms)} ms`)
  const verdict = faults.length === 0 ? 'ok ' : 'BAD'
  const facts = [`${answers} answers`, `${rows} rows`, ...times].join(', ')
  const lines = [`${verdict} ${name.padEnd(28)} ${seconds.toFixed(1).padStart(5)} s  ${facts}`]
  const more = faults.length > SHOWN ? [`… and ${faults.length - SHOWN} more`] : []
  return [...lines, ...[...faults.slice(0, SHOWN), ...more].map(sentence => `      ${sentence}`)].join('\n')
}

export function summarise(times: readonly number[]) {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), worst: sorted.at(-1) ?? 0 }
}

export function proofOf({ seed, form, startedAt, seconds, calm, faulty, faults }: Result): string {
  const times = ({ count, p50, p99, worst }: Omit<SignOutTimes, 'worstLag'>) =>
    [count, ...[p50, p99, worst].map(ms => `${Math.round(ms)} ms`)].join(' | ')
  const worstRecovery = Math.max(...faults.map(({ worst }) => worst.recovery ?? 0))
  const answers = faults.reduce((sum, fault) => sum + fault.answers, 0)
  const broken = faults.filter(fault => fault.faults.length > 0)
  return `## Under every fault

Measured by \`npm run chaos -- ${form === 'long' ? '--long ' : ''}--seed ${seed} --report docs/proof.md\`, which makes this part again: two
issuers, three APIs and PostgreSQL as processes of one machine, a proxy on every way between them, and every fault of
the table in [operations](operations.md#when-something-fails) for real.

${startedAt.slice(0, 10)}, seed ${seed}, ${form} form, ${Math.round(seconds / 60)} minutes; ${cpus().length} cores (${cpus()[0]?.model.trim()}), \
${Math.round(totalmem() / 2 ** 30)} GiB, ${type()}, Node ${process.version}.

${faults.length} faults, ${answers} answers of the API judged, ${broken.length === 0 ? 'no promise broken' : `promises broken under ${broken.map(({ name }) => name).join(', ')}`}:
every acknowledged write was there and nothing else, nobody saw a task of another, no token was accepted that was sent
after its sign-out had answered, none while the revocation state was older than the lease.

### Sign-out

| | sign-outs | p50 | p99 | worst |
|---|---|---|---|---|
| nothing broken | ${times(calm)} |
| during and between faults | ${times(faulty)} |

With nothing broken a token was last accepted ${Math.round(calm.worstLag)} ms after its sign-out was asked for, at worst, and never after it had
answered.

### Faults

The worst that was measured of each; recovery is counted until every server gives good answers again. The worst
recovery was ${Math.round(worstRecovery)} ms.

| fault | recovery | 401 | 503 | more |
|---|---|---|---|---|
${mergeByName(faults).map(rowOf).join('\n')}
`
}

/** A long run applies each fault several times: what counts is the worst. */
function mergeByName(faults: readonly FaultResult[]): Pick<FaultResult, 'name' | 'worst'>[] {
  const byName = new Map<string, Record<string, number>>()
  for (const { name, worst } of faults.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const known = byName.get(name) ?? {}
    for (const [what, ms] of Object.entries(worst)) known[what] = Math.max(known[what] ?? 0, ms)
    byName.set(name, known)
  }
  return [...byName].map(([name, worst]) => ({ name, worst }))
}

function rowOf({ name, worst }: Pick<FaultResult, 'name' | 'worst'>): string {
  const { recovery, '401': refusal, '503': unavailable, ...more } = worst
  const cell = (ms: number | undefined) => (ms === undefined ? '' : `${Math.round(ms)} ms`)
  const rest = Object.entries(more).map(([what, ms]) => `${what} ${Math.round(ms)} ms`)
  return `| \`${name}\` | ${cell(recovery)} | ${cell(refusal)} | ${cell(unavailable)} | ${rest.join(', ')} |`
}
