import { type ReactNode, startTransition, useEffect, useState } from 'react'

/** What is around it is painted first. This follows in slices of a transition, so that the page answers meanwhile. */
export function InSlices({ children, instead }: { children: ReactNode; instead?: ReactNode }) {
  const [isTurn, setTurn] = useState(false)
  useEffect(() => startTransition(() => setTurn(true)), [])
  return isTurn ? children : instead
}
