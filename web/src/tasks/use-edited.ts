import { useCallback } from 'react'
import { useSearchParams } from 'wouter'

/** The task being edited is part of the address: Back closes it, and signing in again comes back to it. */
export function useEdited(): [string | null, (id: string | null) => void] {
  const [params, setParams] = useSearchParams()
  const edit = useCallback(
    (id: string | null) =>
      setParams(
        before => {
          const after = new URLSearchParams(before)
          if (id) after.set('task', id)
          else after.delete('task')
          return after
        },
        { replace: id === null },
      ),
    [setParams],
  )
  return [params.get('task'), edit]
}
