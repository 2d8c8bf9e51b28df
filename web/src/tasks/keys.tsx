/** What the keyboard does, and a finger that rests, in one chunk that comes after idle. */
import { useEffect } from 'react'
import { useLocation } from 'wouter'
import { pressEarlyKeys } from '../components/early-keys.ts'
import { GlobalKeys } from './global-keys.tsx'
import { useTaskServices } from './task-services.ts'
import { useBoardKeys } from './use-board-keys.ts'
import { useLongPress } from './use-long-press.ts'
import { useMoves } from './use-moves.ts'

let boards = 0

export function BoardKeys(parts: Parameters<typeof useBoardKeys>[0]) {
  useMoves(parts)
  useBoardKeys(parts)
  useLongPress(useTaskServices().organizes)
  useEffect(() => {
    boards += 1
    return () => {
      boards -= 1
    }
  }, [])
  return null
}

export function PageKeys() {
  const [path] = useLocation()
  const hasBoard = path !== '/account'
  useEffect(() => {
    let frame = requestAnimationFrame(function press() {
      // A list's own keys come with the list, which may be later than this.
      if (boards > 0 || !hasBoard) pressEarlyKeys()
      else frame = requestAnimationFrame(press)
    })
    return () => cancelAnimationFrame(frame)
  }, [hasBoard])
  return <GlobalKeys />
}
