// `npm run kit:selftest`: the good server holds every row, each broken one falls short on its fault alone, and every
// row is killed by a broken one. `-- NAME …` tries some faults (or `good`), `--jobs N` at a time.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { listIds } from '../src/requirements.ts'
import { faults } from './faults/index.ts'
import type { Task } from './self-test-worker.ts'
import { VARIANTS } from './state.ts'
import type { Trial } from './try-fault.ts'

const { values, positionals } = parseArgs({
  options: { jobs: { type: 'string', default: '2' } },
  allowPositionals: true,
})
const start = performance.now()
const isWhole = positionals.length === 0
const queue = listTasks()
const trials: Trial[] = []
const jobs = Math.min(Number(values.jobs), queue.length)
await Promise.all(Array.from({ length: jobs }, () => work()))
await tryAgainAlone()
const complaints = isWhole ? [...wrongRows(), ...uncaughtRows()] : []
for (const complaint of complaints) console.log(complaint)
if (isWhole) printKills()
const bad = trials.filter(trial => trial.complaints.length > 0)
console.log(
  `${trials.length} servers, ${bad.length} judged wrongly, ${complaints.length} rows without proof, ` +
    `${((performance.now() - start) / 1000).toFixed(1)} s`,
)
process.exitCode = bad.length + complaints.length > 0 || trials.length === 0 ? 1 : 0

/** The good servers first: they take longest. */
function listTasks(): Task[] {
  const good = VARIANTS.map(variant => ({ fault: null, variant }))
  const broken = faults.map(({ name, variant = 'hs256' }) => ({ fault: name, variant }))
  if (isWhole) return [...good, ...broken]
  const unknown = positionals.filter(name => name !== 'good' && !faults.some(fault => fault.name === name))
  if (unknown.length > 0) throw new Error(`there is no fault ${unknown.join(', ')}`)
  return [...good, ...broken].filter(({ fault }) => positionals.includes(fault ?? 'good'))
}

async function work(): Promise<void> {
  let worker = startWorker()
  for (let task = queue.shift(); task; task = queue.shift()) {
    worker.postMessage(task)
    const trial = await resultOf(worker, task)
    if (trial.complaints.length > 0) {
      // What failed may have left something behind.
      await worker.terminate()
      worker = startWorker()
    }
    trials.push(trial)
    print(trial)
  }
  await worker.terminate()
}

/** What is measured suffers from what runs beside it: doubtful servers are tried once more alone, and that is said. */
async function tryAgainAlone(): Promise<void> {
  const doubtful = trials.filter(trial => trial.complaints.length > 0 || noisyRows(trial).length > 0)
  if (doubtful.length === 0) return
  console.log(
    `Once more alone: ${doubtful.map(({ fault, variant }) => fault ?? `good, ${variant}`).join(', ')}`,
  )
  for (const trial of doubtful) {
    trials.splice(trials.indexOf(trial), 1)
    const rows = [...trial.fell, ...noisyRows(trial)]
    const again = trial.fault === null && rows.length > 0 ? rows : undefined
    queue.push({ fault: trial.fault, variant: trial.variant, again })
    await work()
    if (trial.fault === null) trials.at(-1)!.held.push(...trial.held)
  }
}

function noisyRows({ fault, open }: Trial): string[] {
  return fault === null ? open.filter(([, verdict]) => verdict === 'inconclusive').map(([row]) => row) : []
}

function startWorker(): Worker {
  // A main thread's stack, as a server has it: what recurses too deep must be able to.
  return new Worker(new URL('self-test-worker.ts', import.meta.url), { resourceLimits: { stackSizeMb: 2 } })
}

/** A server that falls over takes its worker with it: that is an answer too. */
async function resultOf(worker: Worker, task: Task): Promise<Trial> {
  try {
    const [trial] = (await once(worker, 'message')) as [Trial]
    return trial
  } catch (error) {
    const complaints = [`it fell over: ${(error as Error).stack}`]
    return { ...task, fell: [], held: [], open: [], complaints, seconds: 0 }
  }
}

function print({ fault, variant, fell, held, complaints, seconds }: Trial): void {
  const name = fault ?? `the good server, ${variant}`
  const what = fault ? `killed by ${fell.join(' ') || 'nothing'}` : `${held.length} rows held`
  console.log(`${complaints.length === 0 ? 'ok   ' : 'WRONG'} ${name}: ${what} (${seconds.toFixed(1)} s)`)
  for (const complaint of complaints) console.log(`        ${complaint.replaceAll('\n', '\n        ')}`)
}

/** Rows that no good server holds. */
function wrongRows(): string[] {
  const good = trials.filter(({ fault }) => fault === null)
  return listIds()
    .filter(id => !good.some(({ held }) => held.includes(id)))
    .map(id => {
      const reasons = good.flatMap(({ open }) =>
        open.filter(([row]) => row === id).map(([, , reason]) => reason),
      )
      return `${id} is held by no good server: ${reasons[0] ?? 'no check judges it'}`
    })
}

function uncaughtRows(): string[] {
  const killed = new Set(trials.filter(({ fault }) => fault !== null).flatMap(({ fell }) => fell))
  return listIds()
    .filter(id => !killed.has(id))
    .map(id => `${id} is killed by no broken server`)
}

function printKills(): void {
  for (const id of listIds()) {
    const killers = trials
      .filter(({ fault, fell }) => fault !== null && fell.includes(id))
      .map(({ fault }) => fault)
    if (killers.length > 0) console.log(`${id} ${killers.join(', ')}`)
  }
}
