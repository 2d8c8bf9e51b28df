// The command: what is asked on the command line, done, and its exit code.
import { randomBytes } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createInterface } from 'node:readline/promises'
import { checks } from './checks/index.ts'
import { chooseRows } from './choice.ts'
import { type Options, readCommandLine, USAGE } from './command-line.ts'
import { explain } from './explain.ts'
import { HookFault, TargetFault, UsageFault } from './faults.ts'
import { createHooks } from './hook-commands.ts'
import { loadKnownFailures } from './known-failures.ts'
import { toHtml } from './outputs/html.ts'
import { toJson } from './outputs/json.ts'
import { toJunit } from './outputs/junit.ts'
import { createProgress } from './outputs/progress.ts'
import { toSummary } from './outputs/summary.ts'
import { isHarmful, obstacleOf } from './possible.ts'
import { loadProfile, originsOf, type Profile, ProfileFault } from './profile.ts'
import { createReport, EXIT_CODES, type Report, versionOfKit } from './report.ts'
import { listIds, loadRequirements } from './requirements.ts'
import { runChecks } from './runner.ts'

export async function main(args: string[]): Promise<number> {
  try {
    const options = readCommandLine(args)
    if (options.help) return say(USAGE)
    if (options.version) return say(`${versionOfKit()}\n`)
    if (options.explain.length > 0) return say(explain(chooseRows(options.explain, listIds()), isColoured()))
    if (options.list) return say(list(options))
    if (options.profile === undefined) throw new UsageFault('--profile says what to judge: see --help')
    return await judge(options, loadProfile(options.profile))
  } catch (error) {
    console.error(messageOf(error as Error))
    return EXIT_CODES['could not run']
  }
}

async function judge(options: Options, profile: Profile): Promise<number> {
  const ids = listIds()
  const isChosen = createChoice(options, ids)
  const known = options.knownFailures ? loadKnownFailures(options.knownFailures, ids) : new Map()
  const chosen = checks.filter(check => check.rows.some(isChosen))
  const mayHarm = await mayHarmTarget(
    options,
    profile,
    chosen.filter(isHarmful).flatMap(({ rows }) => rows),
  )
  const hooks = createHooks(profile.hooks, profile.folder)
  const seed = options.seed ?? randomBytes(6).toString('hex')
  console.error(`latchkey-conformance ${versionOfKit()}: ${profile.name} at ${profile.api.url}, seed ${seed}`)
  const total = chosen.filter(check => obstacleOf(check, { profile, hooks, mayHarm }) === null).length
  const progress = createProgress(process.stderr, total)
  const result = await runChecks({
    ...{ profile, checks, rows: ids, hooks, seed, isChosen, mayHarm, jobs: options.jobs },
    deadline: options.minutes * 60,
    onCheck: progress.update,
  })
  progress.end()
  const requirements = loadRequirements()
  const { requireTier: required, showTokens } = options
  const report = createReport({
    profile,
    result,
    requirements,
    known,
    required,
    showTokens,
    finished: new Date(),
  })
  write(report, options)
  return EXIT_CODES[report.outcome]
}

function createChoice({ only, skip }: Options, ids: string[]): (row: string) => boolean {
  const wanted = only.length > 0 ? chooseRows(only, ids) : new Set(ids)
  const unwanted = chooseRows(skip, ids)
  return row => wanted.has(row) && !unwanted.has(row)
}

/** Asks a person before anything is done to somebody else's machine; nobody to ask means no. */
async function mayHarmTarget({ yes }: Options, profile: Profile, rows: string[]): Promise<boolean> {
  const hosts = Object.values(originsOf(profile)).map(url => new URL(url!).hostname)
  if (yes || rows.length === 0 || hosts.every(isLoopback)) return true
  if (!process.stdin.isTTY || !process.stderr.isTTY) return false
  const lines = createInterface({ input: process.stdin, output: process.stderr })
  const question = `${rows.join(' ')} flood the target or end sessions and accounts on ${[...new Set(hosts)].join(', ')}. Run them? [y/N] `
  const answer = await lines.question(question)
  lines.close()
  return /^y(es)?$/i.test(answer.trim())
}

export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}

function write(report: Report, { json, junit, html }: Options): void {
  if (junit) writeFileSync(junit, toJunit(report))
  if (html) writeFileSync(html, toHtml(report))
  if (json && json !== '-') writeFileSync(json, toJson(report))
  process.stdout.write(json === '-' ? toJson(report) : toSummary(report, { colour: isColoured() }))
}

function list({ profile: file, only, skip }: Options): string {
  const isChosen = createChoice({ only, skip } as Options, listIds())
  const requirements = loadRequirements()
  const profile = file === undefined ? undefined : loadProfile(file)
  return listIds()
    .filter(isChosen)
    .map(id => {
      const { level, tier, sentence } = requirements.get(id) ?? { level: 'MUST', tier: [], sentence: '' }
      const state = profile ? `  [${stateOf(id, profile)}]` : ''
      return `${id}  ${level.padEnd(6)}  ${tier.join('/').padEnd(3)}  ${sentence}${state}\n`
    })
    .join('')
}

function stateOf(id: string, profile: Profile): string {
  const own = checks.filter(check => check.rows.includes(id))
  const hooks = createHooks(profile.hooks, profile.folder)
  const obstacle = own
    .map(check => obstacleOf(check, { profile, hooks, mayHarm: true }))
    .find(found => found !== null)
  if (own.length === 0) return 'not run: no check judges it'
  return obstacle ? `${obstacle.verdict}: ${obstacle.reason}` : 'would run'
}

function messageOf(error: Error): string {
  const isExpected = [UsageFault, ProfileFault, TargetFault, HookFault].some(kind => error instanceof kind)
  if (isExpected || (error as NodeJS.ErrnoException).code === 'ENOENT')
    return `could not run: ${error.message}`
  return `could not run, by a fault of the kit: ${error.stack}`
}

function say(text: string): number {
  process.stdout.write(text)
  return EXIT_CODES.held
}

const isColoured = () => process.stdout.isTTY === true && process.env.NO_COLOR === undefined
