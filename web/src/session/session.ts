/**
 * Who is signed in, and the access token, which lives in this closure and nowhere else: no storage, no cookie that
 * scripts can read. The HttpOnly session cookie is what a new token is asked with. One refresh serves every waiting
 * call (a promise) and every tab (a Web Lock and a BroadcastChannel).
 */
import type { AccessToken, Credentials, Issuer, User } from './issuer.ts'

/** Why nobody is signed in: never was, left, left in another tab, ran out while in use, or deleted the account. */
export type Departure = 'none' | 'left' | 'left-elsewhere' | 'ended' | 'deleted'

export type SessionState =
  | { status: 'starting' }
  | { status: 'unreachable'; error: unknown }
  | { status: 'signed-out'; departure: Departure; lastUser: User | null }
  | { status: 'signed-in'; user: User; switched: boolean }

type Message =
  | { kind: 'signed-in'; userId: string }
  | { kind: 'signed-out' }
  | { kind: 'token'; token: AccessToken }
  | { kind: 'token-wanted' }

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

/** The call was for a person who is not signed in any more. The page is already on its way to sign-in. */
export class SessionEnded extends Error {
  override name = 'SessionEnded'
}

const EARLY = 5_000
const LOCK = 'latchkey:refresh'

export type Session = ReturnType<typeof createSession>

export function createSession({ issuer, channel, locks, drafts, now, wait }: SessionParts) {
  let state: SessionState = { status: 'starting' }
  let token: AccessToken | null = null
  let refreshing: Promise<AccessToken | null> | null = null
  /** Grows whenever someone enters or leaves: what was asked before says nothing about after. */
  let epoch = 0
  const listeners = new Set<() => void>()

  const tell = (message: Message) => channel.postMessage(message)
  const lastUser = () =>
    state.status === 'signed-in' ? state.user : state.status === 'signed-out' ? state.lastUser : null

  function change(next: SessionState, newToken: AccessToken | null) {
    epoch++
    refreshing = null
    token = newToken
    state = next
    for (const listener of listeners) listener()
  }

  function enter(user: User, newToken: AccessToken) {
    const before = lastUser()
    drafts.keepOnly(user.id)
    change({ status: 'signed-in', user, switched: before !== null && before.id !== user.id }, newToken)
  }

  function leave(departure: Departure) {
    const leaving = lastUser()
    // A session that ran out keeps what its owner typed; whoever leaves on purpose leaves nothing behind.
    if (departure !== 'ended') drafts.clear()
    change({ status: 'signed-out', departure, lastUser: departure === 'ended' ? leaving : null }, null)
  }

  async function start(): Promise<void> {
    const asked = epoch
    try {
      const found = await issuer.findSession()
      const fresh = found && asked === epoch ? await refresh(token?.value ?? null) : null
      if (asked !== epoch) return
      if (!found || !fresh) return leave(lastUser() ? 'ended' : 'none')
      if (fresh.userId !== found.user.id) return start()
      enter(found.user, fresh)
    } catch (error) {
      if (asked === epoch) change({ status: 'unreachable', error }, null)
    }
  }

  function usable(stale: string | null): AccessToken | null {
    return token && token.value !== stale && token.expiresAt - EARLY > now() ? token : null
  }

  /** One at a time for any number of callers. `stale` is a token that is known to be of no use. */
  function refresh(stale: string | null): Promise<AccessToken | null> {
    if (!refreshing) {
      const running = refreshAcrossTabs(stale).finally(() => {
        if (refreshing === running) refreshing = null
      })
      refreshing = running
    }
    return refreshing
  }

  /**
   * The lock can be granted before the other tab's message with the new token arrives. So a tab that had to wait
   * for it asks once more, and gives the answer a moment, before it asks the issuer.
   */
  async function refreshAcrossTabs(stale: string | null): Promise<AccessToken | null> {
    if (!locks) return mint()
    const first = await locks.request(LOCK, { ifAvailable: true }, async lock =>
      lock ? { token: usable(stale) ?? (await mint()) } : null,
    )
    if (first) return first.token
    return locks.request(LOCK, async () => {
      tell({ kind: 'token-wanted' })
      for (let waited = 0; waited < 120 && !usable(stale); waited += 10) await wait(10)
      return usable(stale) ?? mint()
    })
  }

  async function mint(): Promise<AccessToken | null> {
    const asked = epoch
    const minted = await issuer.issueToken()
    if (minted && asked === epoch) tell({ kind: 'token', token: minted })
    return minted
  }

  /** A usable token of this very user. Throws SessionEnded when they are not the one signed in (any more). */
  async function accessToken(userId: string, stale: string | null = null): Promise<string> {
    if (state.status !== 'signed-in' || state.user.id !== userId) throw new SessionEnded()
    const ready = usable(stale)
    if (ready) return ready.value
    const asked = epoch
    const fresh = await refresh(stale ?? token?.value ?? null)
    if (asked !== epoch) return accessToken(userId)
    if (fresh?.userId === userId) {
      token = fresh
      return fresh.value
    }
    if (fresh) await start()
    else leave('ended')
    throw new SessionEnded()
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
    if (data.kind === 'token' && state.status === 'signed-in' && data.token.userId === state.user.id) {
      if (!token || token.expiresAt < data.token.expiresAt) token = data.token
    }
  }

  /** Signing in again replaces the browser's session, so a token of the one before is dead, whoever it was. */
  function followSignIn(userId: string) {
    token = null
    if (state.status !== 'signed-in' || state.user.id !== userId) {
      epoch++
      refreshing = null
      void start()
    }
  }

  return {
    getState: () => state,
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    start,
    accessToken,
    /** For the one request that is sent while the page closes and cannot wait. */
    tokenInHand: (userId: string) => {
      const ready = usable(null)
      return ready?.userId === userId ? ready.value : null
    },
    signIn: (credentials: Credentials) => enterWith(issuer.signIn(credentials)),
    signUp: (credentials: Credentials) => enterWith(issuer.signUp(credentials)),
    /** Nothing is pretended: until the server has answered, the person is signed in. */
    async signOut(): Promise<void> {
      await issuer.signOut()
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
