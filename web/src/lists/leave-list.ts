import { navigate } from 'wouter/use-browser-location'
import { viewPath } from '../tasks/views.ts'

/** Whoever looks at a list that goes is taken to the Inbox. */
export function leaveList(id: string) {
  if (location.pathname === viewPath({ kind: 'list', id })) navigate(viewPath({ kind: 'inbox' }))
}
