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
  /** The identity a token was issued for. */
  knows(token: string, identity: Identity): void
  secret(text: string, what: string): void
  secrets(): { text: string; what: string }[]
  look(answer: Answer, rows: string[]): void
  /** Secrets in the log. */
  read(log: string): void
}

/** Of these, an answer that holds one is a breach by itself; tokens and cookies are in answers by right. */
const NEVER_ANSWERED = /password|key/

export function createGuard(): Guard {
  const identities: Identity[] = []
  const owners = new Map<string, Identity>()
  const secrets = new Map<string, string>()
  const breaches: Breach[] = []

  return {
    breaches,
    watch: identity => void identities.push(identity),
    knows: (token, identity) => void owners.set(token, identity),
    secret: (text, what) => {
      if (text.length >= 8) secrets.set(text, what)
    },
    secrets: () => [...secrets].map(([text, what]) => ({ text, what })),
    look(answer, rows) {
      const speaker = speakerOf(answer.request)
      const shown = identities.find(
        identity =>
          identity !== speaker &&
          answer.bytes.includes(identity.canary) &&
          !isEcho(answer.request, identity.canary),
      )
      if (shown)
        breaches.push({ sentence: `${shown.name}'s data was shown to ${nameOf(speaker)}`, rows, answer })
      for (const [text, what] of secrets) {
        if (NEVER_ANSWERED.test(what) && answer.bytes.includes(text) && !isEcho(answer.request, text)) {
          breaches.push({ sentence: `${what} is in an answer`, rows, answer })
        }
      }
    },
    read(log) {
      for (const [text, what] of secrets) {
        if (log.includes(text)) breaches.push({ sentence: `${what} is in the log`, rows: ['T-295'] })
      }
    },
  }

  function speakerOf(request: Request): Identity | undefined {
    if (request.as !== undefined) return request.as ?? undefined
    const values = (request.headers ?? []).filter(([name]) => name.toLowerCase() === 'authorization')
    const token = values.length === 1 && /^Bearer (\S+)$/.exec(String(values[0]![1]))?.[1]
    return token ? owners.get(token) : undefined
  }
}

/** What the request itself said may come back. */
function isEcho(request: Request, text: string): boolean {
  const said = [request.target, ...(request.headers ?? []).flat(), request.body ?? '']
  return said.some(part => part.includes(text))
}

const nameOf = (identity?: Identity) => identity?.name ?? 'nobody'
