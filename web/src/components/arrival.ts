import { type RefObject, useEffect } from 'react'

let isPageLoad = true

/**
 * A person who comes from another page of ours is led to the title of the new one, as a page load would. A field
 * that has the focus already keeps it.
 */
export function useArrival(heading: RefObject<HTMLElement | null>, { fromNavigation = true } = {}) {
  useEffect(() => {
    const isFree = fromNavigation || document.activeElement === document.body
    if (!isPageLoad && isFree) heading.current?.focus()
    isPageLoad = false
  }, [heading, fromNavigation])
}
