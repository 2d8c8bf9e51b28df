/**
 * Who is signed in, and the access token, which lives in this closure and nowhere else: no storage, no cookie that
 * scripts can read. The HttpOnly session cookie is what a new token is asked with. One refresh serves every waiting
 * call (a promise) and every tab (a Web Lock and a BroadcastChannel).
 */
import { failureOf } from '../http.ts'
import type { AccessToken, Credentials, Issuer, User } from './issuer.ts'
import { createRefresh, type TokenMessage } from './token-refresh.ts'

/** Why nobody is signed in: never was, left, left in another tab, or deleted the account. */
export type Departure = 'none' | 'left' | 'left-elsewhere' | 'deleted'

export type SessionState =
  | { status: 'starting' }
  | { status: 'unreachable'; error: unknown }
  | { status: 'signed-out'; departure: Departure }
  /** `ended`: the session is over, and the page waits for its owner to sign in again. */
  | { status: 'signed-in'; user: User; switched: boolean; ended: boolean }

type Message = { kind: 'signed-in'; userId: string } | { kind: 'signed-out' } | TokenMessage

export type Channel = Pick<BroadcastChannel, 'postMessage' | 'onmessage'>

export type SessionParts = {
  issuer: Pick<Issuer, 'findSession' | 'issueToken' | 'signIn' | 'signUp' | 'signOut'>
  channel: Channel
  /** Absent in very old browsers: then each tab refreshes for itself. */
  locks?: Pick<LockManager, 'request'>
  drafts: { clear(): void; keepOnly(userId: string): void }
  now(): number
  wait(ms: number): Promise<void>
}

/** The call was for a person who has left. Their page is gone, or about to go. */
export class SessionEnded extends Error {
  override name = 'SessionEnded'
}

const EARLY = 5_000

export type Session = ReturnType<typeof createSession>

export function createSession({ issuer, channel, locks, drafts, now, wait }: SessionParts) {
  let state: SessionState = { status: 'starting' }
  let token: AccessToken | null = null
  /** Grows whenever someone enters or leaves: what was asked before says nothing about after. */
  let epoch = 0
  const listeners = new Set<() => void>()

  /** Somebody else has come in through another tab, and what this one showed is gone already. */
  let switching = false
  let looking: Promise<void> | null = null

  const tell = (message: Message) => channel.postMessage(message)
  const present = () => (state.status === 'signed-in' ? state.user : null)
  const isHere = (userId: string) => present()?.id === userId
  const refresh = createRefresh({ issuer, locks, wait, tell, usable, epoch: () => epoch })

  function change(next: SessionState, newToken: AccessToken | null) {
    epoch++
    looking = null
    token = newToken
    state = next
    for (const listener of listeners) listener()
  }

  function enter(user: User, newToken: AccessToken) {
    const before = present()
    const switched = switching || (before !== null && before.id !== user.id)
    switching = false
    drafts.keepOnly(user.id)
    change({ status: 'signed-in', user, switched, ended: false }, newToken)
  }

  /** Whoever leaves on purpose leaves nothing behind. A page that begins without a session keeps what was typed. */
  function leave(departure: Departure) {
    switching = false
    if (departure !== 'none') drafts.clear()
    change({ status: 'signed-out', departure }, null)
  }

  /** The page stays as it is until its owner has signed in again. */
  function end(user: User) {
    change({ status: 'signed-in', user, switched: false, ended: true }, null)
  }

  /** Nobody's things are on the screen from here until the next answer. */
  function hide() {
    switching = true
    change({ status: 'starting' }, null)
  }

  /**
   * Asks who is signed in, and follows. Without an answer a page that shows somebody's things stays as it is; one
   * that waits for the answer says that there was none.
   */
  function look(): Promise<void> {
    if (!looking) {
      const running = lookNow().finally(() => {
        if (looking === running) looking = null
      })
      looking = running
    }
    return looking
  }

  async function lookNow(): Promise<void> {
    const asked = epoch
    try {
      const found = await issuer.findSession()
      if (asked === epoch) await (found ? meet(found.user) : meetNobody())
    } catch (error) {
      const waits = state.status === 'starting' || state.status === 'unreachable'
      if (asked === epoch && waits) change({ status: 'unreachable', error }, null)
    }
  }

  function meetNobody() {
    const before = present()
    if (before) return end(before)
    if (state.status !== 'signed-out') leave(switching ? 'left-elsewhere' : 'none')
  }

  async function meet(user: User): Promise<void> {
    if (state.status === 'signed-in' && state.user.id === user.id && !state.ended) return
    if (state.status === 'signed-in' && state.user.id !== user.id) {
      hide()
      return lookNow()
    }
    const asked = epoch
    const fresh = await refresh(null)
    if (asked !== epoch) return
    if (!fresh) return meetNobody()
    if (fresh.userId !== user.id) return lookNow()
    enter(user, fresh)
  }

  function usable(stale: string | null): AccessToken | null {
    return token && token.value !== stale && token.expiresAt - EARLY > now() ? token : null
  }

  /** Waits while their session is over. Throws SessionEnded when they are not the one signed in (any more). */
  async function admitted(userId: string): Promise<void> {
    while (state.status === 'signed-in' && state.user.id === userId && state.ended) await nextChange()
    if (!isHere(userId)) throw new SessionEnded()
  }

  const nextChange = () =>
    new Promise<void>(resolve => {
      const listener = () => {
        listeners.delete(listener)
        resolve()
      }
      listeners.add(listener)
    })

  /** A usable token of this very user. `stale` is one that the API refused. */
  async function accessToken(userId: string, stale: string | null = null): Promise<string> {
    await admitted(userId)
    const ready = usable(stale)
    if (ready) return ready.value
    const asked = epoch
    const fresh = await refresh(stale ?? token?.value ?? null)
    if (asked !== epoch) return accessToken(userId)
    if (fresh?.userId === userId) {
      token = fresh
      return fresh.value
    }
    if (fresh) {
      hide()
      void look()
    } else meetNobody()
    return accessToken(userId)
  }

  /** A call that only the cookie vouches for: refused, it waits for its owner to sign in again and is made once more. */
  async function withCookie<T>(call: () => Promise<T>): Promise<T> {
    const user = present()
    if (!user) throw new SessionEnded()
    await admitted(user.id)
    try {
      return await call()
    } catch (error) {
      if (failureOf(error).status !== 401) throw error
      await look()
      await admitted(user.id)
      return await call()
    }
  }

  async function enterWith(answer: ReturnType<Issuer['signIn']>): Promise<void> {
    const { user, token: granted } = await answer
    enter(user, granted)
    tell({ kind: 'signed-in', userId: user.id })
    tell({ kind: 'token', token: granted })
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.kind === 'signed-out' && state.status !== 'signed-out') return leave('left-elsewhere')
    if (data.kind === 'signed-in') return followSignIn(data.userId)
    if (data.kind === 'token-wanted') {
      const mine = usable(null)
      if (mine) tell({ kind: 'token', token: mine })
    }
    if (data.kind === 'token' && isHere(data.token.userId)) {
      if (!token || token.expiresAt < data.token.expiresAt) token = data.token
    }
  }

  /** Signing in again replaces the browser's session, so a token of the one before is dead, whoever it was. */
  function followSignIn(userId: string) {
    token = null
    if (state.status === 'signed-in' && state.user.id === userId && !state.ended) return
    if (state.status === 'signed-in' && state.user.id !== userId) hide()
    else {
      epoch++
      looking = null
    }
    void look()
  }

  return {
    getState: () => state,
    isHere,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    look,
    accessToken,
    withCookie,
    /** For the one request that is sent while the page closes and cannot wait. */
    tokenInHand: (userId: string) => {
      const ready = usable(null)
      return ready?.userId === userId ? ready.value : null
    },
    signIn: (credentials: Credentials) => enterWith(issuer.signIn(credentials)),
    signUp: (credentials: Credentials) => enterWith(issuer.signUp(credentials)),
    /** The e-mail is that of the page's owner; should it belong to another account by now, that one enters afresh. */
    signInAgain(password: string): Promise<void> {
      const user = present()
      return user
        ? enterWith(issuer.signIn({ email: user.email, password }))
        : Promise.reject(new SessionEnded())
    },
    /**
     * Nothing is pretended: until the server has answered, the person is signed in. A session that is over already
     * needs no answer to be left.
     */
    async signOut(): Promise<void> {
      const wasOver = state.status === 'signed-in' && state.ended
      await issuer.signOut().catch(error => {
        if (!wasOver) throw error
      })
      leave('left')
      tell({ kind: 'signed-out' })
    },
    accountDeleted() {
      leave('deleted')
      tell({ kind: 'signed-out' })
    },
    /** A new password has replaced the session, and with it the token. */
    adopt(renewed: AccessToken) {
      token = renewed
      tell({ kind: 'token', token: renewed })
    },
  }
}
