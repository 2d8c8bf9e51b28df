/** What the keyboard does, and a finger that rests, in one chunk that comes after idle. */
import { useEffect } from 'react'
import { pressEarlyKeys } from '../components/early-keys.ts'
import { GlobalKeys } from './global-keys.tsx'
import { useTaskServices } from './task-services.ts'
import { useBoardKeys } from './use-board-keys.ts'
import { useLongPress } from './use-long-press.ts'
import { useMoves } from './use-moves.ts'

export function BoardKeys(parts: Parameters<typeof useBoardKeys>[0]) {
  useMoves(parts)
  useBoardKeys(parts)
  useLongPress(useTaskServices().organizes)
  return null
}

export function PageKeys() {
  useEffect(() => {
    const frame = requestAnimationFrame(pressEarlyKeys)
    return () => cancelAnimationFrame(frame)
  }, [])
  return <GlobalKeys />
}
