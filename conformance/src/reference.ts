// How the target refuses: learnt once from plain cases when the run begins, and held against every later refusal.
import type { RefusalKind } from './check.ts'
import type { Answer } from './client.ts'
import { pointTo } from './json-pointer.ts'
import type { Profile } from './profile.ts'

export interface Reference {
  /** What is wrong with the form of a 401. */
  faultsOf401(answer: Answer, kind: RefusalKind): [form: 'challenge' | 'headers' | 'body', sentence: string][]
  /** How this differs from the 404 of what never was; null when it does not. */
  differenceFrom404(answer: Answer): string | null
}

export interface Learnt {
  /** The 401 of a token that is plain garbage. */
  invalid: Answer
  /** The 404 of a task that never was, for its owner. */
  missing: Answer
}

export function createReference(profile: Profile, learnt: () => Learnt): Reference {
  const varying = new Set(profile.errors.varying.map(name => name.toLowerCase()))
  return {
    faultsOf401(answer, kind) {
      return [...faultsOfChallenge(answer, kind), ...faultsOfHeaders(answer), ...faultsOfBody(answer, kind)]
    },
    differenceFrom404(answer) {
      const { missing } = learnt()
      if (answer.status !== missing.status) return `${missing.status} expected, ${answer.status} came`
      return differenceOf(answer, missing)
    },
  }

  function faultsOfBody(answer: Answer, kind: RefusalKind): ['body', string][] {
    const { mediaType } = profile.errors
    const type = answer.header('content-type') ?? 'none'
    if (!type.startsWith(mediaType)) return [['body', `a 401 of type ${type}, not ${mediaType}`]]
    if (kind === 'no-credentials' || (kind === 'expired' && saysExpired(answer))) return []
    const isSame = bodyOf(answer) === bodyOf(learnt().invalid)
    return isSame
      ? []
      : [['body', 'the body of this 401 tells its cause: it differs from that of other tokens']]
  }

  function saysExpired(answer: Answer): boolean {
    const { expired } = profile.errors
    return expired !== undefined && pointTo(answer.json, expired.pointer) === expired.value
  }

  function differenceOf(answer: Answer, other: Answer): string | null {
    const names = (one: Answer) => one.headers.map(([name]) => name).join(', ')
    if (names(answer) !== names(other)) return `its headers are ${names(answer)}, not ${names(other)}`
    for (const [index, [name, value]] of answer.headers.entries()) {
      const expected = other.headers[index]![1]
      if (!varying.has(name.toLowerCase()) && value !== expected) return `${name}: ${value}, not ${expected}`
    }
    return bodyOf(answer) === bodyOf(other) ? null : 'its body differs from the body for what never was'
  }

  function bodyOf(answer: Answer): string {
    const { varyingMembers } = profile.errors
    if (varyingMembers.length === 0 || answer.json === null || typeof answer.json !== 'object')
      return answer.text
    return JSON.stringify(answer.json, (key, value) => (varyingMembers.includes(key) ? undefined : value))
  }
}

function faultsOfChallenge(answer: Answer, kind: RefusalKind): ['challenge', string][] {
  const challenge = answer.header('www-authenticate')
  if (!challenge || !/^Bearer\b/i.test(challenge)) return [['challenge', 'a 401 without a Bearer challenge']]
  const hasCode = /\berror=/.test(challenge)
  if (kind === 'no-credentials') {
    return hasCode ? [['challenge', 'an error code although no credentials were sent']] : []
  }
  return []
}

function faultsOfHeaders(answer: Answer): ['headers', string][] {
  const faults: ['headers', string][] = []
  if (!/\bno-store\b/i.test(answer.header('cache-control') ?? ''))
    faults.push(['headers', 'a 401 that may be stored'])
  if (answer.header('set-cookie')) faults.push(['headers', 'a 401 that sets a cookie'])
  return faults
}
