import { useEffect } from 'react'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { texts } from '../texts.ts'
import { sayWait } from './say-wait.ts'
import { useCountdown } from './use-countdown.ts'

/** What could not be loaded, and why. Where the server named a time, it is asked again then and not before. */
export function Failed({ text, error, onRetry }: { text: string; error: unknown; onRetry(): void }) {
  const failure = failureOf(error)
  const { left, start } = useCountdown(onRetry)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each failed attempt begins a new wait
  useEffect(() => start(failure.retryAfter ?? 0), [error])
  return (
    <div className="note note-danger">
      <div role="alert">
        <p className="font-semibold">{text}</p>
        <p>{explain(failure)}</p>
      </div>
      <button
        type="button"
        className="btn btn-quiet mt-3 tabular-nums"
        aria-disabled={left > 0}
        onClick={() => left > 0 || onRetry()}
      >
        {left > 0 ? sayWait(left) : texts.tryAgain}
      </button>
    </div>
  )
}
