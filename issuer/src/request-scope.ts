import { AsyncLocalStorage } from 'node:async_hooks'

/** What is known of the request being answered, for the parts of it that Better Auth runs in between. */
export interface RequestScope {
  readonly requestId: string
  readonly client: string
  /** Aborts when whoever asked is no longer there. */
  readonly gone?: AbortSignal
  /** It ends sessions, and goes before all others to the database. */
  first?: boolean
  /** The database refused or lost a query; Better Auth swallows some of these, the issuer must not. */
  databaseError?: Error & { code?: string }
  /** The hash of the password this request registers. */
  preparedHash?: string
  /** The stored hash this request has proved its password against. */
  provedHash?: string
  /** Ends this request's turn to try a password. */
  endTurn?: () => void
  /** Makes the attempt one that never was. */
  takeBack?: () => Promise<void>
  /** The password was looked at, and it was not the right one. */
  wrongPassword?: boolean
  /** The session cookie's token the request arrived with. */
  presentedToken?: string
  /** Whom the request turned out to concern, for the security log. */
  actor?: string
  sid?: string
}

export const requestScope = new AsyncLocalStorage<RequestScope>()

/** The scope of the request being answered; work outside any request (start, sweeps) has an empty one. */
export function currentScope(): RequestScope {
  return requestScope.getStore() ?? { requestId: '', client: '' }
}
