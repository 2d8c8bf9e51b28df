import { isatty } from 'node:tty'

const SAME_WISH_MS = 2_000

export type Stopping = {
  /** Aborted by the first signal. */
  signal: AbortSignal
  /** Aborted by a later one: whoever sends it does not want to wait. */
  forced: AbortSignal
  /** Stops for another reason than a signal. */
  stop(): void
}

/**
 * Ctrl-C reaches this process twice, from the terminal and through npm: signals within two seconds are one wish.
 */
export function listenForStop(): Stopping {
  const stopping = new AbortController()
  const forcing = new AbortController()
  let first = Number.POSITIVE_INFINITY
  const stop = () => {
    const now = performance.now()
    if (!stopping.signal.aborted) first = now
    stopping.abort()
    if (now - first > SAME_WISH_MS) forcing.abort()
  }
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, stop)
  // SIGHUP asks for the keys to be read again (reload.ts), unless it says that the terminal has been closed.
  const terminals = [0, 1, 2].filter(isatty)
  process.on('SIGHUP', () => {
    if (!terminals.every(isatty)) stop()
  })
  return { signal: stopping.signal, forced: forcing.signal, stop }
}

/** Resolves when the signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
