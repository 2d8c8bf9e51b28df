// `npm run chaos`: breaks everything that can break, for real, and holds the answers against what is promised.
import { randomInt } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { openDeployment } from './deployment.ts'
import { faults, LAST } from './faults.ts'
import { createJudge, type Judge } from './judge.ts'
import { writePart } from './page.ts'
import { createRandom, type Random } from './random.ts'
import { type FaultResult, lineOf, proofOf, type Result, summarise } from './report.ts'
import { openTraffic } from './traffic.ts'
import {
  checkJournal,
  checkUsage,
  type Fault,
  higher,
  measureSignOuts,
  readUsage,
  recover,
  type Usage,
  type World,
} from './world.ts'

const USAGE = `npm run chaos -- [options]
  --seed N        the choices of an earlier run again
  --long          longer faults, each twice
  --only NAME     this fault alone (may be given several times)
  --skip NAME     all but this one, where a machine does not allow it
  --list          the names
  --json FILE     the result as a document
  --report FILE   the result as its part of docs/proof.md`

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string' },
    long: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    skip: { type: 'string', multiple: true, default: [] },
    list: { type: 'boolean', default: false },
    json: { type: 'string' },
    report: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

if (options.help) console.log(USAGE)
else if (options.list) for (const { name } of faults) console.log(name)
else process.exitCode = await main()

async function main(): Promise<number> {
  const seed = options.seed === undefined ? randomInt(2 ** 31) : Number(options.seed)
  const random = createRandom(seed)
  const chosen = choose(random)
  console.log(`chaos: ${chosen.length} faults, seed ${seed}`)
  const home = await mkdtemp(join(tmpdir(), 'latchkey-chaos-'))
  const result = await run(home, seed, random, chosen)
  if (options.json) await writeFile(options.json, `${JSON.stringify(result, null, 2)}\n`)
  if (options.report) await writePart(options.report, 'chaos', proofOf(result))
  return await conclude(result, home)
}

function choose(random: Random): Fault[] {
  const unknown = [...options.only, ...options.skip].filter(
    name => !faults.some(fault => fault.name === name),
  )
  if (unknown.length > 0) throw new Error(`there is no fault ${unknown.join(', ')}: see --list`)
  const wanted = faults.filter(
    ({ name }) => (options.only.length === 0 || options.only.includes(name)) && !options.skip.includes(name),
  )
  const once = () => random.shuffle(wanted.filter(({ name }) => name !== LAST))
  const last = wanted.filter(({ name }) => name === LAST)
  return [...once(), ...(options.long ? once() : []), ...last]
}

async function run(home: string, seed: number, random: Random, chosen: Fault[]): Promise<Result> {
  const started = performance.now()
  const startedAt = new Date().toISOString()
  const opening = openDeployment(home)
  const end = async () => {
    await (await opening).close()
    process.exit(1)
  }
  process.once('SIGINT', end).once('SIGTERM', end)
  const deployment = await opening
  try {
    const judge = createJudge()
    const traffic = await openTraffic({ deployment, judge, random })
    const hold = options.long ? 15_000 : 4_000
    const world: World = { deployment, traffic, judge, random, hold, measure: () => {}, check: () => {} }
    const { times, lags } = await measureSignOuts(world, options.long ? 1_000 : 200)
    traffic.signOutTimes.length = 0
    traffic.start()
    const baseline = await measureBaseline(world)
    const results: FaultResult[] = []
    for (const fault of chosen) {
      results.push(await apply(world, judge, fault, baseline))
      console.log(lineOf(results.at(-1)!))
    }
    await traffic.stop()
    return {
      seed,
      form: options.long ? 'long' : 'short',
      startedAt,
      seconds: (performance.now() - started) / 1000,
      calm: { ...summarise(times), worstLag: Math.max(...lags) },
      faulty: summarise(traffic.signOutTimes),
      faults: results,
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end)
    await deployment.close()
  }
}

/** The most that an ordinary day needs. */
async function measureBaseline(world: World): Promise<Usage> {
  let usage = await readUsage(world.deployment)
  for (let second = 0; second < 8; second += 1) {
    await sleep(1_000)
    usage = higher(usage, await readUsage(world.deployment))
  }
  return usage
}

async function apply(world: World, judge: Judge, fault: Fault, baseline: Usage): Promise<FaultResult> {
  const started = performance.now()
  const answers = judge.answers
  const worst: Record<string, number> = {}
  world.measure = (name, ms, limit = Number.POSITIVE_INFINITY) => {
    worst[name] = Math.max(worst[name] ?? 0, ms)
    if (ms > limit) judge.fault(`${name} took ${Math.round(ms)} ms, more than ${limit} ms`)
  }
  world.check = (ok, sentence) => {
    if (!ok) judge.fault(sentence)
  }
  let rows = 0
  try {
    await fault.run(world)
    await recover(world)
    await world.traffic.stop()
    rows = await checkJournal(world).finally(world.traffic.start)
    await checkUsage(world, baseline)
  } catch (error) {
    judge.fault(`it could not be carried through: ${(error as Error).stack}`)
  }
  const seconds = (performance.now() - started) / 1000
  return {
    name: fault.name,
    seconds,
    worst,
    answers: judge.answers - answers,
    rows,
    faults: judge.takeFaults(),
  }
}

async function conclude(
  { seed, seconds, calm, faulty, faults: results }: Result,
  home: string,
): Promise<number> {
  const bad = results.filter(result => result.faults.length > 0)
  const text = ({ count, p50, p99, worst }: typeof faulty) =>
    `${count} sign-outs, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms, worst ${worst.toFixed(0)} ms`
  console.log(`nothing broken: ${text(calm)}; a token lived on for ${calm.worstLag.toFixed(0)} ms at most`)
  console.log(`under faults:   ${text(faulty)}`)
  const verdict =
    bad.length === 0 ? 'every promise kept' : `broken under: ${bad.map(({ name }) => name).join(', ')}`
  console.log(`${results.length} faults in ${Math.round(seconds)} s, seed ${seed}: ${verdict}`)
  if (bad.length === 0) await rm(home, { recursive: true, force: true })
  else console.log(`the logs are in ${home}`)
  return bad.length === 0 ? 0 : 1
}
