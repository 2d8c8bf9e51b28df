/** The rows as they are on the screen: focus follows what is seen. */
import type { RefObject } from 'react'

export type ListRef = RefObject<HTMLDivElement | null>
export type InputRef = RefObject<HTMLInputElement | null>

export const rowsOf = (list: ListRef) => [
  ...(list.current?.querySelectorAll<HTMLElement>('.row-title') ?? []),
]
export const taskIdAt = (element: Element | null) =>
  element?.closest<HTMLElement>('[data-task]')?.dataset.task
