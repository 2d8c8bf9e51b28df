import { useEffect } from 'react'
import { useCountdown } from '../components/use-countdown.ts'
import { VisitorFrame } from '../components/visitor-frame.tsx'
import { failureOf } from '../http.ts'
import { startPage } from '../start.ts'
import { texts } from '../texts.ts'
import { unreachableTexts } from './trouble-texts.ts'

const RETRY_EVERY = 5

/** No answer is not the same as signed out. The page waits, as long as it was asked to, and goes on by itself. */
export function Unreachable({ error }: { error: unknown }) {
  const { status, retryAfter = 0 } = failureOf(error)
  const { left, start } = useCountdown(startPage)

  // biome-ignore lint/correctness/useExhaustiveDependencies: each failed attempt begins a new wait
  useEffect(() => start(Math.max(RETRY_EVERY, retryAfter)), [error])
  useEffect(() => {
    addEventListener('online', startPage)
    return () => removeEventListener('online', startPage)
  }, [])

  return (
    <VisitorFrame
      title={status === 0 ? unreachableTexts.title : unreachableTexts.busyTitle}
      lead={unreachableTexts.lead}
    >
      {retryAfter > RETRY_EVERY ? (
        <p role="timer" className="text-ink-2 tabular-nums">
          {unreachableTexts.nextTry(left)}
        </p>
      ) : (
        <button type="button" className="btn btn-primary" onClick={startPage}>
          {texts.tryAgain}
        </button>
      )}
    </VisitorFrame>
  )
}
