import { HOME } from '../session/next-path.ts'

const findField = () => document.querySelector<HTMLElement>('[aria-keyshortcuts="q n"]')

/** Adding begins in the view that is there, or at home where that one takes no tasks. */
export function focusQuickAdd(navigate: (path: string) => void, tries = 60) {
  const field = findField()
  if (field) return field.focus()
  if (tries === 60) navigate(HOME)
  if (tries > 0) requestAnimationFrame(() => focusQuickAdd(navigate, tries - 1))
}
