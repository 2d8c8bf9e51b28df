/** What the reader waits for has the network to itself; the rest goes without it only when that takes long. */
const LONGEST_WAIT = 5_000

let begin = () => {}
const isDrawn = new Promise<void>(resolve => {
  begin = resolve
})
setTimeout(begin, LONGEST_WAIT)

/** Said by what the reader waits for, once it is drawn: the next frame shows it. */
export const contentIsDrawn = () => void requestAnimationFrame(begin)

/** After what the reader waits for is there: code that is only probably needed is fetched then. Safari has no idle. */
export function whenIdle(work: () => unknown): void {
  void isDrawn.then(() => {
    if ('requestIdleCallback' in window) requestIdleCallback(() => void work(), { timeout: 5_000 })
    else setTimeout(work, 1_500)
  })
}
