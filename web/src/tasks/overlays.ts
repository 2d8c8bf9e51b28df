/**
 * What is open above the page, one at a time. Each kind is a component of its own, in a chunk that is fetched after
 * the first paint (`slots.tsx`): it gets what is named here and `onClose`, and puts the focus back by itself.
 */
import { useSyncExternalStore } from 'react'
import type { Entry } from './outbox-entry.ts'
import type { List, Tag, Task } from './task.ts'

export type Overlay =
  /** date-popover.tsx: picks a date (and a recurrence, for a single task) for all of them. */
  | { kind: 'date'; tasks: readonly Task[]; anchor: Element | null }
  /** move-menu.tsx: picks a list for all of them. */
  | { kind: 'move'; tasks: readonly Task[]; anchor: Element | null }
  /** tag-menu.tsx: puts tags on all of them and takes them off. */
  | { kind: 'tags'; tasks: readonly Task[]; anchor: Element | null }
  /** task-menu.tsx: all that can be done to one task. */
  | { kind: 'task-menu'; task: Task; anchor: Element; moveByOne: ((by: -1 | 1) => void) | null }
  /** list-dialog.tsx: makes a list, or changes one. */
  | { kind: 'list'; list: List | null }
  /** tag-dialog.tsx: renames, merges or deletes a tag. */
  | { kind: 'tag'; tag: Tag }
  /** conflict-dialog.tsx: both versions of a task, and which shall be. */
  | { kind: 'conflict'; entry: Entry }
  /** open-subtasks.tsx: asks whether the open subtasks are completed with their task. */
  | { kind: 'open-subtasks'; tasks: readonly Task[] }
  /** restore-dialog.tsx: a task whose own place may be in the trash as well. */
  | { kind: 'restore'; task: Task }
  /** list-menu.tsx: all that can be done to one list. */
  | { kind: 'list-menu'; list: List; anchor: Element }
  /** unsaved-dialog.tsx: asks whether to leave with changes that the server has not got. */
  | { kind: 'unsaved'; count: number; leave(): Promise<void> }
  /** places-sheet.tsx: all views, lists and tags, on phones. */
  | { kind: 'places' }
  /** palette/palette.tsx: goes, finds and does. */
  | { kind: 'palette' }
  /** shortcut-help.tsx */
  | { kind: 'help' }

/** The props of the component for a kind of overlay: `OverlayProps<'date'>`. */
export type OverlayProps<Kind extends Overlay['kind']> = Omit<Extract<Overlay, { kind: Kind }>, 'kind'> & {
  onClose(): void
}

let open: Overlay | null = null
const listeners = new Set<() => void>()

function change(next: Overlay | null) {
  open = next
  for (const listener of listeners) listener()
}

export const openOverlay = (overlay: Overlay) => change(overlay)
export const closeOverlay = () => change(null)

export const useOverlay = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => open,
  )
