import { useEffect } from 'react'
import { VisitorFrame } from '../components/visitor-frame.tsx'
import { startPage } from '../start.ts'
import { texts } from '../texts.ts'
import { unreachableTexts } from './trouble-texts.ts'

const RETRY_EVERY = 5_000

/** No answer is not the same as signed out. The page waits, and goes on by itself. */
export function Unreachable() {
  useEffect(() => {
    const timer = setInterval(startPage, RETRY_EVERY)
    addEventListener('online', startPage)
    return () => {
      clearInterval(timer)
      removeEventListener('online', startPage)
    }
  }, [])
  return (
    <VisitorFrame title={unreachableTexts.title} lead={unreachableTexts.lead}>
      <button type="button" className="btn btn-primary" onClick={startPage}>
        {texts.tryAgain}
      </button>
    </VisitorFrame>
  )
}
