/** One refresh for every waiting call (a promise) and every tab (a Web Lock and a BroadcastChannel). */
import type { AccessToken, Issuer } from './issuer.ts'

export type TokenMessage = { kind: 'token'; token: AccessToken } | { kind: 'token-wanted' }

type Parts = {
  issuer: Pick<Issuer, 'issueToken'>
  /** Absent in very old browsers: then each tab refreshes for itself. */
  locks?: Pick<LockManager, 'request'>
  wait(ms: number): Promise<void>
  tell(message: TokenMessage): void
  /** The token in hand, unless it is the stale one or about to expire. */
  usable(stale: string | null): AccessToken | null
  /** Grows whenever someone enters or leaves. */
  epoch(): number
}

const LOCK = 'latchkey:refresh'

export function createRefresh({ issuer, locks, wait, tell, usable, epoch }: Parts) {
  let refreshing: { token: Promise<AccessToken | null>; epoch: number } | null = null

  /** One at a time for any number of callers. `stale` is a token that is known to be of no use. */
  function refresh(stale: string | null): Promise<AccessToken | null> {
    if (refreshing?.epoch === epoch()) return refreshing.token
    const running = {
      epoch: epoch(),
      token: refreshAcrossTabs(stale).finally(() => {
        if (refreshing === running) refreshing = null
      }),
    }
    refreshing = running
    return running.token
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
    const asked = epoch()
    const minted = await issuer.issueToken()
    if (minted && asked === epoch()) tell({ kind: 'token', token: minted })
    return minted
  }

  return refresh
}
