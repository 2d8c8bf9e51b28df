// Looks at every answer an API gave, whoever asked and whatever is broken at the moment.
import { type Answer, bodyOf, isGood, took } from './client.ts'
import type { Api } from './deployment.ts'
import type { Account, Row, Session } from './journal.ts'

/** By the profile of the feed. */
const LEASE_MS = 2_000
const LONGEST_SENTENCE = 200

export interface Judge {
  /** `owner` is whose token was sent, `session` which; null: none that could ever be good. */
  watch(api: Api, answer: Answer, sent: { owner: Account; session: Session } | null): void
  /** During some faults a token may die before its session does. */
  deathsAllowed: boolean
  fault(sentence: string): void
  /** What was wrong since the last time this was asked. */
  takeFaults(): string[]
  readonly answers: number
}

export function createJudge(): Judge {
  let faults: string[] = []
  let answers = 0

  function judgeGood(api: Api, answer: Answer, owner: Account, session: Session): void {
    if (session.endedAt !== undefined && answer.sentAt > session.endedAt)
      fault(
        `${api.name} accepted a dead session ${ms(answer.sentAt - session.endedAt)} after its sign-out answered`,
      )
    if (isLeaseOver(api, answer))
      fault(`${api.name} said ${answer.status} while what it knew of revocations was older than the lease`)
    for (const row of rowsIn(answer))
      if (row.user_id !== owner.id || !row.title.includes(owner.canary))
        fault(`${api.name} showed ${owner.email} a task of another: ${row.title}`)
  }

  function fault(sentence: string): void {
    faults.push(sentence.replaceAll('\n', ' ').slice(0, LONGEST_SENTENCE))
  }

  return {
    deathsAllowed: false,
    watch(api, answer, sent) {
      if (answer.status === null) return
      answers += 1
      if (isGood(answer)) {
        if (sent) judgeGood(api, answer, sent.owner, sent.session)
        else fault(`${api.name} said ${answer.status} to a token that is not good`)
      }
      if (answer.status === 401 && sent && sent.session.endAskedAt === undefined && !this.deathsAllowed)
        fault(`${api.name} refused a live token: ${answer.text}`)
      if (answer.status === 503 && !answer.headers.has('retry-after'))
        fault(`${api.name} said 503 without Retry-After`)
      if (answer.status >= 500 && answer.status !== 503)
        fault(`${api.name} said ${answer.status} after ${ms(took(answer))}: ${answer.text}`)
    },
    fault,
    takeFaults() {
      const taken = faults
      faults = []
      return [...new Set(taken)]
    },
    get answers() {
      return answers
    },
  }
}

/** When the lease of an API is out that hears no more of the feed than it has. */
export function leaseEndOf({ feed }: Api): number {
  return Math.max(...feed.deliveries.map(delivery => delivery.sentAt)) + LEASE_MS
}

/** No answer of the feed that this one can rest on was asked for less than a lease before it was sent. */
function isLeaseOver({ feed }: Api, { sentAt, answeredAt }: Answer): boolean {
  const known = feed.deliveries.filter(delivery => delivery.deliveredAt <= answeredAt)
  const newest = Math.max(...known.map(delivery => delivery.sentAt))
  return sentAt > newest + LEASE_MS
}

function rowsIn(answer: Answer): Row[] {
  const body = bodyOf(answer)
  if (Array.isArray(body)) return body
  return body && typeof body.title === 'string' ? [body] : []
}

const ms = (value: number) => `${Math.round(value)} ms`
