// The part of the good server's profile that is about accounts.
import type { State } from '../state.ts'
import { cookieName } from './cookies.ts'
import { LIMITS } from './limits.ts'
import { PRODUCT } from './passwords.ts'
import { STREAMS_PER_USER } from './streams.ts'
import { ABSOLUTE_MS, IDLE_MS } from './world.ts'

export function recipeOf(state: State) {
  const post = (path: string, body?: object) => ({ method: 'POST', path: `/auth/${path}`, body })
  return {
    headers: { Origin: state.origin },
    recipe: {
      signUp: post('sign-up', { email: '{email}', password: '{password}', name: '{name}' }),
      signIn: post('sign-in', { email: '{email}', password: '{password}' }),
      signOut: post('sign-out'),
      token: { method: 'GET', path: '/auth/token', token: '/access_token' },
      getSession: { method: 'GET', path: '/auth/session' },
      listSessions: { method: 'GET', path: '/auth/sessions' },
      revokeSession: post('sessions/revoke', { id: '{sessionId}' }),
      revokeOtherSessions: post('sessions/revoke-others'),
      revokeSessions: post('sessions/revoke-all'),
      changePassword: post('password', { currentPassword: '{password}', newPassword: '{newPassword}' }),
      changeEmail: post('email', { password: '{password}', newEmail: '{newEmail}' }),
      verifyEmail: post('email/confirm', { token: '{mailToken}' }),
      sendVerification: post('verification', { email: '{email}' }),
      requestReset: post('reset', { email: '{email}' }),
      resetPassword: post('reset/confirm', { token: '{mailToken}', newPassword: '{newPassword}' }),
      deleteAccount: post('delete', { password: '{password}' }),
    },
  }
}

export function choicesOf() {
  return {
    sessionCookie: cookieName({ has: () => false } as unknown as State),
    sessionMaxAge: 604_800,
    sessionIdle: IDLE_MS / 1000,
    sessionAbsolute: ABSOLUTE_MS / 1000,
    takenEmail: 'told',
    passwordMin: 12,
    passwordMax: 128,
    product: PRODUCT,
    failuresPerAccountAndAddress: LIMITS.accountAndAddress,
    failuresPerAccount: LIMITS.account,
    signUpsPerMinute: LIMITS.signUps,
    redirects: ['signIn.callbackURL', 'signUp.callbackURL', 'requestReset.redirectTo'],
    feedPath: '/auth/feed',
    eventStream: '/api/{user}/events',
    webSocket: '/api/{user}/events',
    streamsPerUser: STREAMS_PER_USER,
    pages: ['/'],
    // The kit, the server and its hashes share one process: what they do to each other is no fault.
    busyListMs: 120,
    signInWave: 40,
    // Fewer than usual: all that the self-test needs to tell a set from a list.
    manyRevoked: 400_000,
    revokedSessionBytes: 3_000,
  }
}
