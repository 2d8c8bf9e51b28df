// One part of the numbers: a function that measures and answers with plain data, a table of them, and a way to run
// the part alone. `bars` are what is promised; `--quick` judges no time, so its bars have `kept: null`.
import { parseArgs } from 'node:util'
import type { Plot } from './plot.ts'

export interface Part {
  /** A word for files and commands, such as `sign-outs`. */
  name: string
  /** What it measures and how, in a line. */
  title: string
  /** How long it took. */
  seconds: number
  /** The table: every row has the same columns. */
  rows: Record<string, string | number>[]
  bars: Bar[]
  /** What `plot.ts` draws, each to a file of that name. */
  curves?: (Plot & { file: string })[]
  /** Requests that failed: any makes the figures void. */
  errors: number
}

export interface Bar {
  name: string
  value: number
  /** What is promised, in words, such as `< 50 ms`. */
  bar: string
  /** `null` where the run is too short to say. */
  kept: boolean | null
}

export type Measure = (options: { quick: boolean }) => Promise<Part>

/** Adds the time it took. */
export async function timed(measure: () => Promise<Omit<Part, 'seconds'>>): Promise<Part> {
  const began = performance.now()
  const part = await measure()
  return { ...part, seconds: Math.round((performance.now() - began) / 1000) }
}

/** A bar from above that a quick run does not judge. */
export const below = (name: string, value: number, limit: number, unit: string, quick: boolean): Bar => ({
  name,
  value,
  bar: `< ${limit} ${unit}`.trim(),
  kept: quick ? null : value < limit,
})

/** What was promised and not kept, a line each. */
export function missed({ name, bars, errors }: Part): string[] {
  const broken = bars
    .filter(({ kept }) => kept === false)
    .map(bar => `${name}: ${bar.name} is ${rounded(bar.value)} (bar: ${bar.bar})`)
  return errors > 0 ? [...broken, `${name}: ${errors} requests failed`] : broken
}

export const isGood = (part: Part) => missed(part).length === 0

/** As its npm script runs it, with or without `--quick`; 1 is the exit code unless all that was promised held. */
export async function runAlone(measure: Measure): Promise<void> {
  const { quick } = parseArgs({ options: { quick: { type: 'boolean', default: false } } }).values
  process.exitCode = 1
  try {
    const part = await measure({ quick })
    printPart(part)
    if (isGood(part)) process.exitCode = 0
  } catch (error) {
    // Told, not thrown: an uncaught error would leave the database behind.
    console.error(error)
  }
}

export function printPart({ title, seconds, rows, bars, errors }: Part): void {
  console.log(`\n${title}\n${tableOf(rows)}`)
  for (const { name, value, bar, kept } of bars)
    console.log(
      `${name}: ${rounded(value)} (bar: ${bar}${kept === null ? ', not judged by a quick run' : ''})${kept === false ? ' MISSED' : ''}`,
    )
  console.log(`${errors} errors, ${seconds} s`)
}

function tableOf(rows: Part['rows']): string {
  const columns = Object.keys(rows[0] ?? {})
  const lines = [columns, ...rows.map(row => columns.map(column => cellOf(row[column]!)))]
  const widths = columns.map((_, n) => Math.max(...lines.map(line => line[n]!.length)))
  const isText = columns.map(column => typeof rows[0]![column] === 'string')
  return lines
    .map(line =>
      line.map((cell, n) => (isText[n] ? cell.padEnd(widths[n]!) : cell.padStart(widths[n]!))).join('  '),
    )
    .join('\n')
}

const cellOf = (value: string | number) => (typeof value === 'number' ? rounded(value) : value)

function rounded(value: number): string {
  if (Number.isInteger(value)) return String(value)
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)))
}
