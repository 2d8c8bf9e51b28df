// The log: a JSON document in every line of standard output.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Logger, pino } from 'pino'

/** What may wait for whoever reads the log. */
const WAITING_BYTES = 1_000_000
/** How long the end of a process waits for them. */
const LAST_WORDS_MS = 500

type Output = Pick<NodeJS.WritableStream, 'write' | 'on'> & { readonly writableLength: number }

export function createLog(level: string, output: Output = process.stdout): Logger {
  const formatters = { level: (label: string) => ({ level: label }) }
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters }
  return pino(options, createLossyOutput(output))
}

/**
 * Whoever reads the log may stop reading, and no request waits for that: lines beyond a bounded buffer are dropped,
 * and the first line after them says how many.
 */
function createLossyOutput(output: Output) {
  let dropped = 0
  const tellLoss = () => {
    if (dropped === 0) return
    const loss = {
      level: 'warn',
      time: new Date(),
      event: 'sys_log_dropped',
      dropped,
      msg: 'lines were lost',
    }
    dropped = 0
    output.write(`${JSON.stringify(loss)}\n`)
  }
  output.on('error', () => {}) // Whoever read the log has gone; that is no reason to stop.
  output.on('drain', tellLoss)
  return {
    write(line: string): void {
      if (output.writableLength + line.length > WAITING_BYTES) {
        dropped += 1
        return
      }
      tellLoss()
      output.write(line)
    },
  }
}

/** Lets the last lines out before a process ends, unless nobody reads them. */
export async function endLog(output: Output = process.stdout): Promise<void> {
  for (const end = Date.now() + LAST_WORDS_MS; output.writableLength > 0 && Date.now() < end; ) await sleep(5)
}
