// The good server's control hooks: what a deployment would offer as commands.
import type { HookFunctions } from '../../src/hooks.ts'
import { memoryOf } from '../request-body.ts'
import { newKey, type State } from '../state.ts'
import { roleAudit, rowSecurity } from './row-security.ts'

/** `instances`: the state as each instance of the API has it. */
export function createControl(state: State, instances: State[]): HookFunctions {
  const { accounts } = state
  const { people } = accounts
  const readers = instances.map(instance => instance.revoked)

  return {
    async restart() {
      for (const reader of readers) reader.restart()
      return { ready: readers.every(reader => reader.knows()) }
    },
    async 'start-without-feed'() {
      for (const reader of readers) reader.cut()
      for (const reader of readers) reader.restart()
      return { listening: true }
    },
    async 'start-with'({ fault }) {
      const started = state.has(`starts-with-${fault}`)
      return { started, message: started ? 'listening' : 'a secret is no good' }
    },
    async clock({ offset }) {
      state.clockAhead = offset * 1000
      return {}
    },
    async database({ up }) {
      accounts.isDatabaseUp = up
      return {}
    },
    async feed({ up, instance }) {
      const chosen = instance === undefined ? readers : readers.slice(instance, instance + 1)
      for (const reader of chosen) up ? reader.join() : reader.cut()
      noteFeed(state, up)
      return {}
    },
    async log({ after }) {
      const text = state.log.text()
      return { text: text.slice(after), end: text.length }
    },
    async metrics() {
      return { text: `good_sessions ${people.sessions.size}\n` }
    },
    memory: async () => memoryOf(state),
    'end-session': asks => endSession(state, asks),
    'rotate-keys': ({ step }) => rotate(state, step),
    async rows({ user }) {
      return { rows: state.tasks.get(user)?.size ?? 0 }
    },
    async 'revoke-many'({ count }) {
      const before = process.memoryUsage().rss
      accounts.feed.note(Array.from({ length: count }, (_, number) => `made-up-${number}`))
      return { bytes: Math.max(0, process.memoryUsage().rss - before) }
    },
    async break({ broken }) {
      accounts.isBroken = broken
      return {}
    },
    async mail({ after, delay }) {
      if (delay !== undefined) people.mailDelay = delay
      return { mails: people.mails.slice(after), end: people.mails.length }
    },
    'row-security': async asks => rowSecurity(state, asks),
    'role-audit': async () => roleAudit(state),
  }
}

function noteFeed(state: State, up: boolean): void {
  if (state.has('feed-loss-not-logged')) return
  state.log.write({ event: up ? 'revocation_feed_recovered' : 'revocation_feed_lost' })
}

async function endSession(state: State, { how, user, sid }: { how: string; user: string; sid: string }) {
  const { people, issuer } = state.accounts
  const own = people.sessionsOf(user)
  if (how === 'ban') people.banned.add(user)
  const ended = how === 'ban' ? own : own.filter(session => session.id === sid)
  if (state.has(`${how}-forgets-the-tokens`)) for (const { token } of ended) people.sessions.delete(token)
  else await issuer.endSessions(ended)
  return { done: true }
}

async function rotate(state: State, step: 'announce' | 'sign' | 'retire') {
  const { keys } = state
  state.log.write({ event: 'sys_keys_reloaded', step })
  const next = keys.at(-1)!
  if (step === 'announce') keys.push(newKey(next.alg, `rotated-${keys.length}`))
  if (step === 'sign') {
    keys.splice(0, keys.length, next, ...keys.slice(0, -1))
    if (state.has('rotation-forgets-the-old-key')) keys.splice(1)
  }
  if (step === 'retire' && !state.has('retired-key-still-verifies')) state.retiredKeys.push(...keys.splice(1))
  return { kid: keys[0]!.kid }
}
