/** Which tasks of the view are selected, for one action on all of them. */
import { useSyncExternalStore } from 'react'

export type Selection = {
  ids: ReadonlySet<string>
  /** Boxes to select by are shown: that is how it is done without a keyboard. */
  boxes: boolean
  /** Where a range begins. */
  anchor: string | null
}

const NONE: Selection = { ids: new Set(), boxes: false, anchor: null }
let selection = NONE
const listeners = new Set<() => void>()

function change(next: Selection) {
  selection = next
  for (const listener of listeners) listener()
}

export const getSelection = () => selection
export function clearSelection() {
  if (selection !== NONE) change(NONE)
}

/** Shows the boxes, with this task selected. */
export function startSelecting(id: string) {
  change({ ids: new Set(selection.ids).add(id), boxes: true, anchor: id })
}

export function toggleSelected(id: string) {
  const ids = new Set(selection.ids)
  if (!ids.delete(id)) ids.add(id)
  change(ids.size > 0 ? { ...selection, ids, anchor: id } : NONE)
}

/** From where the last one was selected to this one, in the order they are shown. */
export function selectTo(id: string, from: string | null, order: readonly string[]) {
  const anchor = selection.anchor ?? from ?? id
  const [start, end] = [order.indexOf(anchor), order.indexOf(id)].sort((a, b) => a - b) as [number, number]
  const range = start < 0 ? [id] : order.slice(start, end + 1)
  change({ ids: new Set(range), boxes: selection.boxes, anchor })
}

export function selectAll(ids: readonly string[]) {
  change(ids.length > 0 ? { ids: new Set(ids), boxes: selection.boxes, anchor: ids[0]! } : NONE)
}

export const useSelection = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => selection,
  )
