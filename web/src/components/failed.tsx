import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { texts } from '../texts.ts'

export function Failed({ text, error, onRetry }: { text: string; error: unknown; onRetry(): void }) {
  return (
    <div role="alert" className="note note-danger">
      <p className="font-semibold">{text}</p>
      <p>{explain(failureOf(error))}</p>
      <button type="button" className="btn btn-quiet mt-3" onClick={onRetry}>
        {texts.tryAgain}
      </button>
    </div>
  )
}
