import type { QueryClient } from '@tanstack/react-query'
import { navigate } from 'wouter/use-browser-location'
import { isSameTag } from '../tasks/task.ts'
import { type LoadedPages, viewKey } from '../tasks/view-cache.ts'
import { viewAt, viewPath } from '../tasks/views.ts'

/** Whoever looks at a tag goes where its tasks go; null is none. */
export function followTag(from: string, to: string | null) {
  const view = viewAt(location.pathname, '')
  const isHere = view?.kind === 'tag' && isSameTag(view.name, from)
  if (isHere)
    navigate(viewPath(to === null ? { kind: 'inbox' } : { kind: 'tag', name: to }), { replace: true })
}

/** The server does not know the new name yet: what is loaded under the old one is what there is to see. */
export function keepTagView(client: QueryClient, from: string, to: string) {
  const keyOf = (name: string) => viewKey({ kind: 'tag', name }, '')
  const loaded = client.getQueryData<LoadedPages>(keyOf(from))
  if (loaded) client.setQueryData(keyOf(to), loaded)
}
