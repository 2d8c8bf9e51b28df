// Runs checks against one target and says what became of each row.
import { type Check, type Kind, type Need, TargetFault } from './check.ts'
import type { Breach } from './guard.ts'
import type { Hooks } from './hooks.ts'
import { createKit } from './kit.ts'
import { createLedger, type Ledger, type RowRecord } from './ledger.ts'
import { keysOf, type Profile } from './profile.ts'
import { createRandom } from './random.ts'
import { createWorld } from './world.ts'

export interface RunOptions {
  profile: Profile
  checks: Check[]
  /** Ids of all rows there are. */
  rows: string[]
  hooks?: Hooks
  seed: string
  /** Rows to judge; all unless said. */
  only?: string[]
  skip?: string[]
  /** Checks at a time. */
  jobs?: number
  /** Seconds for the whole run. */
  deadline?: number
  onCheck?(check: Check, state: 'begins' | 'ends', ledger: Ledger): void
}

export interface Fault {
  rows: string[]
  of: 'kit' | 'target'
  message: string
}

export interface RunResult {
  seed: string
  rows: RowRecord[]
  breaches: Breach[]
  faults: Fault[]
  requests: number
  seconds: number
}

const CHECK_DEADLINE = 60
const ALONE: Kind[] = ['flood', 'destructive', 'statistical']

export async function runChecks(options: RunOptions): Promise<RunResult> {
  const { profile, hooks = {}, seed, only, skip = [], jobs = 1, deadline = 3_600 } = options
  const start = performance.now()
  const isChosen = (row: string) => (only === undefined || only.includes(row)) && !skip.includes(row)
  const ledger = createLedger(options.rows.filter(isChosen))
  const faults: Fault[] = []
  const ready = options.checks.filter(check => check.rows.some(isChosen)).filter(check => isPossible(check))
  const world = await createWorld({ profile, random: createRandom(seed), hooks })
  const end = AbortSignal.timeout(deadline * 1000)
  const together = ready.filter(check => !isAlone(check) && !check.last)
  await Promise.all(Array.from({ length: jobs }, () => work(together)))
  await work(ready.filter(check => isAlone(check) && !check.last))
  await work(ready.filter(check => check.last))
  if (hooks.log) world.guard.read(await hooks.log())
  world.client.close()
  return {
    seed,
    rows: ledger.rows().filter(({ id }) => isChosen(id)),
    breaches: world.guard.breaches,
    faults,
    requests: world.client.count,
    seconds: (performance.now() - start) / 1000,
  }

  async function work(queue: Check[]): Promise<void> {
    for (let check = queue.shift(); check; check = queue.shift()) {
      options.onCheck?.(check, 'begins', ledger)
      await runCheck(check)
      options.onCheck?.(check, 'ends', ledger)
    }
  }

  async function runCheck(check: Check): Promise<void> {
    const own = AbortSignal.timeout((check.deadline ?? CHECK_DEADLINE) * 1000)
    const signal = AbortSignal.any([own, end])
    const kit = createKit({ world, check, ledger, isChosen, signal })
    try {
      await Promise.race([check.run(kit), aborted(signal)])
    } catch (error) {
      blame(
        check,
        error,
        end.aborted ? 'the time of the run was over' : own.aborted ? 'its time was over' : null,
      )
    }
    kit.close()
  }

  function blame(check: Check, error: unknown, late: string | null): void {
    const { name, message, stack } = error as Error
    const isTarget = error instanceof TargetFault
    if (!late)
      faults.push({ rows: check.rows, of: isTarget ? 'target' : 'kit', message: isTarget ? message : stack! })
    for (const row of check.rows) ledger.of(row).notRun.push(late ?? `${name}: ${message}`)
  }

  /** Says why not, for each of its rows. */
  function isPossible(check: Check): boolean {
    const absent = [check.feature ?? []].flat().find(feature => profile.absent.includes(feature))
    if (absent) {
      for (const row of check.rows) ledger.of(row).notApplicable.push(`the target has no ${absent}`)
      return false
    }
    const missing = check.needs?.find(need => !isMet(need, profile, hooks))
    if (missing) for (const row of check.rows) ledger.of(row).notRun.push(`needs ${missing}`)
    return missing === undefined
  }
}

const isAlone = (check: Check) =>
  check.alone === true || (check.kind !== undefined && ALONE.includes(check.kind))

export function isMet(need: Need, profile: Profile, hooks: Hooks): boolean {
  const { recipe, ready } = profile.accounts
  switch (need) {
    case 'key':
      return keysOf(profile).length > 0
    case 'second-key':
      return keysOf(profile).length > 1
    case 'accounts':
    case 'fresh-users':
      return recipe?.signUp !== undefined && profile.issuer !== undefined
    case 'deleted':
      return ready?.deleted !== undefined || recipe?.deleteAccount !== undefined
    case 'issuer':
      return profile.issuer !== undefined
    case 'mail':
      return hooks.mail !== undefined
    case 'browser':
      return process.env.CHROMIUM !== undefined
    default:
      return hooks[need.slice('hook:'.length) as keyof Hooks] !== undefined
  }
}

function aborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
