import { type Exchange, type Headers, Problem } from '../exchange.ts'
import type { State } from '../state.ts'
import { header, peerOf } from './http.ts'

/** Failures in a quarter of an hour. */
export const LIMITS = { accountAndAddress: 10, account: 60, signUps: 40, guesses: 10 }
const WINDOW_MS = 900_000

/** Counts attempts. The clock is that of the hook, so that waiting for it costs nothing. */
export function createLimits(state: State) {
  const counters = new Map<string, { count: number; endsAt: number }>()
  /** Addresses from which the owner has signed in before: strangers elsewhere do not shut these out. */
  const familiar = new Set<string>()

  function beforeSignIn(email: string, client: string): void {
    if (state.has('sign-in-unlimited')) return
    const few = LIMITS.accountAndAddress
    if (state.has('limit-per-address-only')) count(`address:${client}`, few)
    else if (state.has('limit-shuts-the-owner-out')) count(`account:${email}`, few)
    else {
      count(`both:${email}:${client}`, few)
      if (!familiar.has(`${email}:${client}`)) count(`account:${email}`, LIMITS.account)
    }
  }

  function afterSignIn(email: string, client: string): void {
    familiar.add(`${email}:${client}`)
    for (const key of [`both:${email}:${client}`, `address:${client}`]) counters.delete(key)
    if (!state.has('limit-shuts-the-owner-out')) counters.delete(`account:${email}`)
  }

  function count(key: string, limit: number): void {
    const now = state.now()
    const known = counters.get(key)
    const counter = known && known.endsAt > now ? known : { count: 0, endsAt: now + WINDOW_MS }
    counters.set(key, counter)
    counter.count += 1
    if (counter.count <= limit) return
    throw new Problem(429, 'too_many_attempts', retryAfter(Math.ceil((counter.endsAt - now) / 1000), state))
  }

  return {
    beforeSignIn,
    afterSignIn,
    beforeSignUp(client: string): void {
      if (!state.has('sign-up-unlimited')) count(`sign-up:${client}`, LIMITS.signUps)
    },
    /** Only refused sign-ups count. */
    afterSignUp: (client: string) => void counters.delete(`sign-up:${client}`),
    beforeGuess(userId: string): void {
      if (!state.has('password-guesses-unlimited')) count(`guess:${userId}`, LIMITS.guesses)
    },
    afterGuess: (userId: string) => void counters.delete(`guess:${userId}`),
  }
}
export type Limits = ReturnType<typeof createLimits>

/** Who is asking. No proxy stands before this server, so nobody speaks for others. */
export function clientOf(exchange: Exchange, state: State): string {
  const claimed = state.has('trusts-x-forwarded-for') && header(exchange, 'x-forwarded-for')
  return claimed || peerOf(exchange)
}

export function retryAfter(seconds: number, state: State): Headers {
  return state.has('no-retry-after') ? {} : { 'Retry-After': String(seconds) }
}
