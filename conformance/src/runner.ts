// Runs checks against one target and says what became of each row.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Kind } from './check.ts'
import { createDeadline, rejectWhenAborted } from './deadline.ts'
import { HookFault, KitFault, TargetFault } from './faults.ts'
import type { Breach } from './guard.ts'
import type { HookFunctions } from './hooks.ts'
import { createKit } from './kit.ts'
import { createLedger, type Ledger, type RowRecord } from './ledger.ts'
import { obstacleOf } from './possible.ts'
import type { Profile } from './profile.ts'
import { createRandom } from './random.ts'
import { createWorld, type World } from './world.ts'

export interface RunOptions {
  profile: Profile
  checks: Check[]
  /** Ids of all rows there are. */
  rows: string[]
  hooks?: HookFunctions
  seed: string
  /** Whether a row is to be judged; all unless said. */
  isChosen?(row: string): boolean
  /** Checks at a time. */
  jobs?: number
  /** Seconds for the whole run. */
  deadline?: number
  /** Checks that flood or destroy may be run. */
  mayHarm?: boolean
  onCheck?(check: Check, state: 'begins' | 'ends', ledger: Ledger): void
}

/** What kept a check from its verdict. */
export interface Fault {
  rows: string[]
  of: 'kit' | 'target' | 'hook'
  message: string
}

export interface RunResult {
  seed: string
  rows: RowRecord[]
  breaches: Breach[]
  faults: Fault[]
  /** What a report may not say aloud: the tokens of real accounts, passwords, cookies, keys. */
  secrets: { text: string; what: string }[]
  requests: number
  seconds: number
  /** How long each check took; several may have run beside it. */
  checks: { rows: string[]; seconds: number }[]
}

const CHECK_DEADLINE = 120
const ALONE: Kind[] = ['flood', 'destructive', 'statistical']

export async function runChecks(options: RunOptions): Promise<RunResult> {
  const { profile, hooks = {}, seed, isChosen = () => true, jobs = 1, mayHarm = true } = options
  const start = performance.now()
  const ledger = createLedger(options.rows.filter(isChosen))
  const faults: Fault[] = []
  const durations: RunResult['checks'] = []
  const checks = options.checks.filter(check => check.rows.some(isChosen)).filter(isPossible)
  const { end: logStart } = (await hooks.log?.({ after: 0 })) ?? { end: 0 }
  const world = await createWorld({ profile, random: createRandom(seed), hooks })
  const whole = createDeadline(options.deadline ?? 3_600)

  // The longest first: none of them is what is left when all others are through.
  const together = checks.filter(check => !isAlone(check) && !check.last).toSorted(byDeadline)
  await Promise.all(Array.from({ length: jobs }, () => work(together)))
  await work(checks.filter(check => isAlone(check) && !check.last))
  await work(checks.filter(check => check.last))
  if (hooks.log) world.guard.read((await hooks.log({ after: logStart })).text)
  whole.clear()
  world.client.close()
  await world.browser.close()
  return resultOf(world)

  async function work(queue: Check[]): Promise<void> {
    for (let check = queue.shift(); check; check = queue.shift()) {
      options.onCheck?.(check, 'begins', ledger)
      await runCheck(check)
      options.onCheck?.(check, 'ends', ledger)
    }
  }

  async function runCheck(check: Check): Promise<void> {
    const began = performance.now()
    const own = createDeadline(check.deadline ?? CHECK_DEADLINE)
    const signal = AbortSignal.any([own.signal, whole.signal])
    const kit = createKit({ world, check, ledger, isChosen, signal })
    // A log that samples what it is flooded with begins anew each second.
    if (isAlone(check) && check.needs?.includes('hook:log')) await sleep(1_100)
    try {
      await Promise.race([check.run(kit), rejectWhenAborted(signal)])
      mustHaveJudged(check)
    } catch (error) {
      if (signal.aborted) leaveUnfinished(check, `not finished: ${signal.reason.message}`)
      else blame(check, error as Error)
    }
    own.clear()
    kit.close()
    durations.push({ rows: check.rows, seconds: (performance.now() - began) / 1000 })
  }

  function mustHaveJudged({ rows }: Check): void {
    const silent = rows.filter(isChosen).filter(row => isSilent(ledger.of(row)))
    if (silent.length > 0) throw new KitFault(`the check ended without a word about ${silent.join(', ')}`)
  }

  function blame(check: Check, error: Error): void {
    const of = error instanceof TargetFault ? 'target' : error instanceof HookFault ? 'hook' : 'kit'
    const message = of === 'kit' ? (error.stack ?? String(error)) : error.message
    faults.push({ rows: check.rows, of, message })
    leaveUnfinished(check, `a fault of the ${of}: ${error.message}`)
  }

  function leaveUnfinished({ rows }: Check, reason: string): void {
    for (const row of rows.filter(isChosen)) ledger.of(row).notRun.push(reason)
  }

  function isPossible(check: Check): boolean {
    const obstacle = obstacleOf(check, { profile, hooks, mayHarm })
    for (const row of obstacle ? check.rows.filter(isChosen) : []) {
      const record = ledger.of(row)
      if (obstacle!.verdict === 'not run') record.notRun.push(obstacle!.reason)
      else record.notApplicable.push(obstacle!.reason)
    }
    return obstacle === null
  }

  function resultOf({ guard, client }: World): RunResult {
    return {
      seed,
      rows: ledger.rows().filter(({ id }) => isChosen(id)),
      breaches: guard.breaches,
      faults,
      secrets: guard.secrets(),
      requests: client.count,
      seconds: (performance.now() - start) / 1000,
      checks: durations.toSorted((one, other) => other.seconds - one.seconds),
    }
  }
}

const byDeadline = (one: Check, other: Check) =>
  (other.deadline ?? CHECK_DEADLINE) - (one.deadline ?? CHECK_DEADLINE)

const isAlone = (check: Check) =>
  check.alone === true || (check.kind !== undefined && ALONE.includes(check.kind))

function isSilent({ observations, inconclusive, notRun, notApplicable }: RowRecord): boolean {
  return observations + inconclusive.length + notRun.length + notApplicable.length === 0
}
