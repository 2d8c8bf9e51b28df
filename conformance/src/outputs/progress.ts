// Counts while it runs: one line that changes at a terminal, a line now and then elsewhere.
import type { Check } from '../check.ts'
import { type Ledger, verdictOf } from '../ledger.ts'

export interface Progress {
  update(check: Check, state: 'begins' | 'ends', ledger: Ledger): void
  end(): void
}

interface Output {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** Elsewhere than at a terminal, a line each so many checks. */
const EVERY = 25

export function createProgress(output: Output, total: number): Progress {
  const running = new Set<string>()
  let done = 0
  return {
    update(check, state, ledger) {
      if (state === 'begins') running.add(check.rows[0]!)
      else {
        running.delete(check.rows[0]!)
        done += 1
      }
      const line = lineOf(ledger)
      if (output.isTTY) output.write(`\r\x1b[2K${line.slice(0, (output.columns ?? 80) - 1)}`)
      else if (state === 'ends' && (done % EVERY === 0 || done === total)) output.write(`${line}\n`)
    },
    end() {
      if (output.isTTY) output.write('\r\x1b[2K')
    },
  }

  function lineOf(ledger: Ledger): string {
    const verdicts = ledger
      .rows()
      .filter(row => row.observations > 0)
      .map(verdictOf)
    const count = (verdict: string) => verdicts.filter(one => one === verdict).length
    const open = running.size > 0 ? `, now ${[...running].join(' ')}` : ''
    return `${done} of ${total} checks: ${count('held')} rows held, ${count('fell short')} fell short${open}`
  }
}
