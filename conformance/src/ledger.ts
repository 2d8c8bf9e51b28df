// What was seen about each row, and the verdict that follows from it.
import type { Answer } from './client.ts'

export type Verdict = 'held' | 'fell short' | 'inconclusive' | 'not run' | 'not applicable'

export interface Finding {
  row: string
  /** What was expected and did not happen. */
  sentence: string
  /** The case it was, for example "alg none". */
  why?: string
  answer?: Answer
}

export interface RowRecord {
  id: string
  observations: number
  findings: Finding[]
  /** Findings beyond those kept. */
  more: number
  inconclusive: string[]
  notRun: string[]
  notApplicable: string[]
  notes: string[]
}

const KEPT = 5

export interface Ledger {
  of(id: string): RowRecord
  observed(id: string): void
  fell(finding: Finding): void
  rows(): RowRecord[]
}

export function createLedger(ids: Iterable<string>): Ledger {
  const records = new Map<string, RowRecord>()
  for (const id of ids) records.set(id, emptyRecord(id))
  const of = (id: string) => {
    const record = records.get(id) ?? emptyRecord(id)
    records.set(id, record)
    return record
  }
  return {
    of,
    observed(id) {
      of(id).observations += 1
    },
    fell(finding) {
      const record = of(finding.row)
      record.observations += 1
      if (record.findings.length < KEPT) record.findings.push(finding)
      else record.more += 1
    },
    rows: () => [...records.values()],
  }
}

function emptyRecord(id: string): RowRecord {
  return {
    id,
    observations: 0,
    findings: [],
    more: 0,
    inconclusive: [],
    notRun: [],
    notApplicable: [],
    notes: [],
  }
}

/** The worst that was seen; a part that did not run is not held. */
export function verdictOf(record: RowRecord): Verdict {
  if (record.findings.length > 0) return 'fell short'
  if (record.inconclusive.length > 0) return 'inconclusive'
  if (record.notRun.length > 0) return 'not run'
  if (record.observations > 0) return 'held'
  if (record.notApplicable.length > 0) return 'not applicable'
  return 'not run'
}
