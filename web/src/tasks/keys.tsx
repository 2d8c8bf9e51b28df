/** Everything the keyboard does, in one chunk that comes after idle. */
import { useEffect } from 'react'
import { pressEarlyKeys } from '../components/early-keys.ts'
import { GlobalKeys } from './global-keys.tsx'
import { useBoardKeys } from './use-board-keys.ts'
import { useMoves } from './use-moves.ts'

export function BoardKeys(parts: Parameters<typeof useBoardKeys>[0]) {
  useMoves(parts)
  useBoardKeys(parts)
  return null
}

export function PageKeys() {
  useEffect(() => {
    const frame = requestAnimationFrame(pressEarlyKeys)
    return () => cancelAnimationFrame(frame)
  }, [])
  return <GlobalKeys />
}
