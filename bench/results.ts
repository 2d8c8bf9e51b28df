// What `npm run bench` leaves behind: one file of figures for each day, with the machine they come from.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const folder = join(import.meta.dirname, 'results')

export interface Verdict {
  /** What is promised, such as `list is 12 times as fast as FastAPI + SQLModel`. */
  bar: string
  measured: number
  /** `null` where a quick run is too short to say. */
  isHeld: boolean | null
}

export interface Part {
  name: string
  seconds: number
  figures: unknown
  verdicts: Verdict[]
}

export function writeResults(parts: Part[], isQuick: boolean): string {
  mkdirSync(folder, { recursive: true })
  const day = new Date().toISOString().slice(0, 10)
  const file = join(folder, `${day}${isQuick ? '-quick' : ''}.json`)
  writeFileSync(file, `${JSON.stringify({ day, isQuick, machine: machine(), parts }, null, 2)}\n`)
  return file
}

export const writePlot = (name: string, svg: string) => {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, `${name}.svg`), svg)
}

function machine() {
  const [core] = cpus()
  return {
    cores: cpus().length,
    model: core?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    wrk: firstLine('wrk', ['--version']),
  }
}

/** Programs such as wrk say their version and exit with 1. */
function firstLine(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0]!
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? '').split('\n')[0] || 'missing'
  }
}
