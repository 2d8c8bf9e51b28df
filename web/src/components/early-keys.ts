/** Keys pressed before the code of the shortcuts is there are kept, and pressed again for it. */
const kept: KeyboardEvent[] = []
const LONGEST = 5_000

function keep(event: KeyboardEvent) {
  if (event.target instanceof Element && event.target.closest('input, textarea, select, dialog')) return
  // The browser's own search would take the focus out of the page.
  if ((event.ctrlKey || event.metaKey) && event.key === 'k') event.preventDefault()
  kept.push(event)
}
addEventListener('keydown', keep)

/** Once, by what makes them act. */
export function pressEarlyKeys(): void {
  removeEventListener('keydown', keep)
  for (const event of kept.splice(0)) {
    if (performance.now() - event.timeStamp > LONGEST) continue
    const target = event.target instanceof Element && event.target.isConnected ? event.target : document.body
    target.dispatchEvent(new KeyboardEvent('keydown', event))
  }
}
