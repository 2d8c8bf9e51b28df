// Judges answers for one row. The form of a refusal (challenge, caching, body) has rows of its own: they are told
// of it when they are part of the run, so that one missing header is not a hundred failures.
import type { Row } from './check.ts'
import type { Answer } from './client.ts'
import type { Ledger } from './ledger.ts'
import type { Reference } from './reference.ts'

export const FORM_ROWS = { challenge: 'T-012', headers: 'T-240', body: 'T-245', absent: 'T-127' }

export interface RowOptions {
  id: string
  ledger: Ledger
  reference: Reference
  isChosen(row: string): boolean
}

export function createRow({ id, ledger, reference, isChosen }: RowOptions): Row {
  const fell = (sentence: string, answer?: Answer, why?: string, row = id) =>
    ledger.fell({ row: isChosen(row) ? row : id, sentence, why, answer })

  const row: Row = {
    id,
    refused401(answer, why, kind = 'invalid') {
      ledger.observed(id)
      if (answer.status !== 401) {
        fell(`401 expected, ${statusOf(answer)} came`, answer, why)
        return false
      }
      for (const [form, sentence] of reference.faultsOf401(answer, kind))
        fell(sentence, answer, why, FORM_ROWS[form])
      return true
    },
    missing404(answer, why) {
      ledger.observed(id)
      const difference = reference.differenceFrom404(answer)
      if (difference) fell(difference, answer, why)
      return difference === null
    },
    unharmed(answer, why) {
      const isFine = answer.status > 0 && answer.status < 500
      return row.is(isFine, `${why}: no answer below 500, ${statusOf(answer)} came`, answer)
    },
    is(condition, sentence, answer) {
      ledger.observed(id)
      if (!condition) fell(sentence, answer)
      return condition
    },
    fail: (sentence, answer) => fell(sentence, answer),
    inconclusive: sentence => void ledger.of(id).inconclusive.push(sentence),
    notRun: reason => void ledger.of(id).notRun.push(reason),
    notApplicable: reason => void ledger.of(id).notApplicable.push(reason),
    note: sentence => void ledger.of(id).notes.push(sentence),
  }
  return row
}

export function statusOf(answer: Answer): string {
  if (answer.status > 0) return String(answer.status)
  if (answer.timedOut) return 'nothing until the timeout'
  return answer.closed ? 'nothing and the connection was closed' : 'nothing'
}
