/** The one task whose title is a field in its row. */
import { useSyncExternalStore } from 'react'

let edited: string | null = null
const listeners = new Set<() => void>()

function change(next: string | null) {
  edited = next
  for (const listener of listeners) listener()
}

export const editTitle = (id: string) => change(id)
/** Unless another row's title is being edited by now. */
export const endTitleEdit = (id: string) => edited === id && change(null)

export const useEditedTitle = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => edited,
  )
