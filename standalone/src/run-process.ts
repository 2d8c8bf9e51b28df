import { endLog } from './log.ts'
import { say } from './progress.ts'
import { StartError } from './start-error.ts'
import { aborted, listenForStop, type Stopping } from './stop-signals.ts'

type Close = () => Promise<void>

export type Running = {
  stopping: Stopping
  /** What is opened is closed in the opposite order, however the process ends. */
  opened: AsyncDisposableStack
  /** The same, for what a second signal need not wait for. */
  onEnd(close: Close): void
}

/** Runs `work` until it ends or a signal stops it, says every fault in words, and resolves with the exit code. */
export async function runProcess(work: (running: Running) => Promise<void>): Promise<number> {
  const stopping = listenForStop()
  let isBroken = false
  const report = (error: unknown) => {
    isBroken = true
    say(error instanceof StartError ? error.message : ((error as Error).stack ?? String(error)))
  }
  // Even a defect of ours must not leave PostgreSQL behind or drop a request half done.
  process.on('uncaughtException', error => {
    report(error)
    stopping.stop()
  })
  try {
    await using opened = new AsyncDisposableStack()
    const onEnd = (close: Close) => opened.defer(() => Promise.race([close(), aborted(stopping.forced)]))
    await work({ stopping, opened, onEnd })
  } catch (error) {
    if (error !== stopping.signal.reason) report(error)
  }
  await endLog()
  return isBroken || stopping.forced.aborted ? 1 : 0
}
