import { header, type Incoming, Refusal } from './http.ts'
import type { Faults } from './fault-names.ts'

/** Failures in a quarter of an hour. */
export const LIMITS = { accountAndAddress: 10, account: 60, signUps: 40, guesses: 10 }
const WINDOW_MS = 900_000

/** Counts attempts. The clock is that of the hook, so that waiting for it costs nothing. */
export function createLimits(faults: Faults, now: () => number) {
  const counters = new Map<string, { count: number; endsAt: number }>()
  /** Addresses from which the owner has signed in before: strangers elsewhere do not shut these out. */
  const familiar = new Set<string>()

  function clientOf(incoming: Incoming): string {
    const claimed = faults.has('trusts-x-forwarded-for') && header(incoming, 'x-forwarded-for')
    return claimed || incoming.peer
  }

  function beforeSignIn(email: string, client: string): void {
    if (faults.has('sign-in-unlimited')) return
    if (faults.has('limit-per-address-only')) return count(`address:${client}`, LIMITS.accountAndAddress)
    if (faults.has('limit-shuts-the-owner-out')) return count(`account:${email}`, LIMITS.accountAndAddress)
    count(`both:${email}:${client}`, LIMITS.accountAndAddress)
    if (!familiar.has(`${email}:${client}`)) count(`account:${email}`, LIMITS.account)
  }

  function afterSignIn(email: string, client: string): void {
    familiar.add(`${email}:${client}`)
    for (const key of [`both:${email}:${client}`, `address:${client}`, `account:${email}`]) counters.delete(key)
  }

  function count(key: string, limit: number): void {
    const known = counters.get(key)
    const counter = known && known.endsAt > now() ? known : { count: 0, endsAt: now() + WINDOW_MS }
    counters.set(key, counter)
    counter.count += 1
    if (counter.count <= limit) return
    const seconds = Math.ceil((counter.endsAt - now()) / 1000)
    throw new Refusal(429, 'TOO_MANY_ATTEMPTS', retryAfter(seconds, faults))
  }

  return {
    clientOf,
    beforeSignIn,
    afterSignIn,
    beforeSignUp: (client: string) =>
      faults.has('sign-up-unlimited') ? undefined : count(`sign-up:${client}`, LIMITS.signUps),
    /** A person signed up: only refused sign-ups count. */
    afterSignUp: (client: string) => void counters.delete(`sign-up:${client}`),
    beforeGuess: (userId: string) =>
      faults.has('password-guesses-unlimited') ? undefined : count(`guess:${userId}`, LIMITS.guesses),
    afterGuess: (userId: string) => void counters.delete(`guess:${userId}`),
  }
}
export type Limits = ReturnType<typeof createLimits>

export function retryAfter(seconds: number, faults: Faults): [string, string][] {
  return faults.has('no-retry-after') ? [] : [['Retry-After', String(seconds)]]
}
