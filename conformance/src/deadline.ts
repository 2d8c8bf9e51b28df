export interface Deadline {
  readonly signal: AbortSignal
  clear(): void
}

/** Unlike `AbortSignal.timeout` it keeps the process alive: a check that waits for nothing must still end. */
export function createDeadline(seconds: number): Deadline {
  const controller = new AbortController()
  const timer = setTimeout(() => controller.abort(new Error(`${seconds} s were over`)), seconds * 1000)
  return { signal: controller.signal, clear: () => clearTimeout(timer) }
}

/** Never resolves. */
export function rejectWhenAborted(signal: AbortSignal): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  if (signal.aborted) reject(signal.reason)
  else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  return promise
}
