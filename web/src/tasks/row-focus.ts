/** The rows as they are on the screen: focus follows what is seen. */

export const taskIdAt = (element: Element | null) =>
  element?.closest<HTMLElement>('[data-task]')?.dataset.task ?? null

export const rowOf = (id: string) => document.querySelector<HTMLElement>(`[data-task="${CSS.escape(id)}"]`)

/** Brings a row into view and gives it the focus, as soon as it has been drawn. */
export function focusRow(id: string, show?: () => void, tries = 20) {
  const title = rowOf(id)?.querySelector<HTMLElement>('.row-title')
  if (title) return title.focus()
  show?.()
  if (tries > 0) requestAnimationFrame(() => focusRow(id, undefined, tries - 1))
}

let before: string | null = null
// A press moves the focus before it becomes a click; a range begins where it was.
addEventListener(
  'pointerdown',
  () => {
    before = taskIdAt(document.activeElement)
  },
  true,
)

/** The row that had the focus when the mouse was pressed. */
export const focusedBeforePress = () => before
