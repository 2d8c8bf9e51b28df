/** What one person chose last, for as long as this tab is theirs. */
import { drafts } from '../session/current.ts'

const NAME = 'palette'
const MOST = 4

export const readRecent = (userId: string): readonly string[] =>
  drafts.read(userId, NAME).split('\n').filter(Boolean)

/** Tasks and what was done to them say nothing about the next time. */
export function remember(userId: string, id: string) {
  if (/^(task|chosen):|^(everything|undo|sign-out)$/.test(id)) return
  const ids = [id, ...readRecent(userId).filter(other => other !== id)].slice(0, MOST)
  drafts.write(userId, NAME, ids.join('\n'))
}
