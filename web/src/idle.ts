/** After what the reader waits for is there: code that is only probably needed is fetched then. Safari has no idle. */
export function whenIdle(work: () => unknown): void {
  if ('requestIdleCallback' in window) requestIdleCallback(() => void work(), { timeout: 5_000 })
  else setTimeout(work, 1_500)
}
