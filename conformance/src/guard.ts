// Looks at every answer of the whole run: a user's canary shown to anybody else, or a secret shown to anyone.
import type { Identity } from './check.ts'
import type { Answer, Request } from './client.ts'

export interface Breach {
  sentence: string
  /** The rows that were being judged. */
  rows: string[]
  answer?: Answer
}

export interface Guard {
  readonly breaches: Breach[]
  watch(identity: Identity): void
  /** The identity a token or a cookie was issued for. */
  knows(credential: string, identity: Identity | undefined): void
  ofEmail(email: string | undefined): Identity | undefined
  secret(text: string, what: string): void
  secrets(): { text: string; what: string }[]
  look(answer: Answer, rows: string[]): void
  /** Secrets in the log. */
  read(log: string): void
}

/** Of these, an answer that holds one is a breach by itself; tokens and cookies are in answers by right. */
const NEVER_ANSWERED = /password|key/

export const CANARY = 'canary'

export function createGuard(): Guard {
  const identities: Identity[] = []
  const owners = new Map<string, Identity>()
  const secrets = new Map<string, string>()
  const neverAnswered: string[] = []
  const breaches: Breach[] = []

  return {
    breaches,
    watch: identity => void identities.push(identity),
    knows(credential, identity) {
      if (identity) owners.set(credential, identity)
    },
    ofEmail: email => identities.find(identity => email !== undefined && identity.email === email),
    secret(text, what) {
      if (text.length < 8 || secrets.has(text)) return
      secrets.set(text, what)
      if (NEVER_ANSWERED.test(what)) neverAnswered.push(text)
    },
    secrets: () => [...secrets].map(([text, what]) => ({ text, what })),
    look(answer, rows) {
      lookForCanaries(answer, rows)
      for (const text of neverAnswered) {
        if (!answer.bytes.includes(text) || isEcho(answer.request, text)) continue
        breaches.push({ sentence: `${secrets.get(text)} is in an answer`, rows, answer })
      }
    },
    read(log) {
      const words = new Set(log.match(WORD))
      for (const [text, what] of secrets) {
        const isThere = IS_WORD.test(text) ? words.has(text) : log.includes(text)
        if (isThere) breaches.push({ sentence: `${what} is in the log`, rows: ['T-295'] })
      }
    },
  }

  function lookForCanaries(answer: Answer, rows: string[]): void {
    if (!answer.bytes.includes(CANARY)) return
    const speakers = speakersOf(answer.request)
    for (const identity of identities) {
      if (speakers.includes(identity) || !answer.bytes.includes(identity.canary)) continue
      if (isEcho(answer.request, identity.canary)) continue
      breaches.push({
        sentence: `data of ${identity.name} was shown to ${nameOf(speakers[0])}`,
        rows,
        answer,
      })
    }
  }

  /** Whose data the answer may hold. */
  function speakersOf(request: Request): Identity[] {
    if (request.as !== undefined) return request.as ? [request.as] : []
    const valuesOf = (key: string) =>
      (request.headers ?? []).flatMap(([name, value]) => (name.toLowerCase() === key ? [String(value)] : []))
    const bearers = valuesOf('authorization').map(value => /^Bearer (\S+)$/.exec(value)?.[1] ?? '')
    const cookies = valuesOf('cookie').flatMap(value =>
      value.split('; ').map(pair => pair.replace(/^[^=]*=/, '')),
    )
    const ownersOf = (credentials: string[]) => [...new Set(credentials.map(text => owners.get(text)))]
    const isSomebody = (identity: Identity | undefined) => identity !== undefined
    // Cookies that are nobody's, such as a preference, say nothing; of two people's, either may be meant.
    if (bearers.length === 0) return ownersOf(cookies).filter(isSomebody)
    // With two bearers nobody can say whose the answer may be.
    return bearers.length === 1 || ownersOf(bearers).length === 1 ? ownersOf(bearers).filter(isSomebody) : []
  }
}

/** A log may be long and secrets many: the log is cut into words once. */
const WORD = /[\w.%-]{16,}/g
const IS_WORD = /^[\w.%-]{16,}$/

/** What the request itself said may come back. */
function isEcho(request: Request, text: string): boolean {
  const said = [request.target, ...(request.headers ?? []).flat(), request.body ?? '']
  return said.some(part => part.includes(text))
}

const nameOf = (identity?: Identity) => identity?.name ?? 'nobody'
