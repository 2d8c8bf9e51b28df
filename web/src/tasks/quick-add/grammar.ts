/** The grammar comes after idle, or when the field is first used; until then a line is its words. */
import { useEffect, useState } from 'react'
import { whenIdle } from '../../idle.ts'
import { loadPositions } from '../positions.ts'

export type Grammar = typeof import('./understanding.tsx')

let loaded: Grammar | null = null
let loading: Promise<Grammar> | null = null

export const grammarInHand = () => loaded

/** A failed fetch is tried again the next time. */
export function loadGrammar(): Promise<Grammar> {
  loading ??= Promise.all([import('./understanding.tsx'), loadPositions()]).then(
    ([module]) => {
      loaded = module
      return module
    },
    error => {
      loading = null
      throw error
    },
  )
  return loading
}

export function useGrammar(isWanted: boolean): Grammar | null {
  const [grammar, setGrammar] = useState(loaded)
  useEffect(() => {
    if (!isWanted || grammar) return
    let isThere = true
    whenIdle(() =>
      loadGrammar().then(
        module => isThere && setGrammar(module),
        () => {},
      ),
    )
    return () => {
      isThere = false
    }
  }, [isWanted, grammar])
  return isWanted ? grammar : null
}
