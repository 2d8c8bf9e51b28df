/** What the account asks of the issuer. Only the cookie vouches for it: it waits, too, while the session is over. */
import { browserFetch } from '../early.ts'
import { session } from './current.ts'
import { type AccessToken, createCalls, createIssuerClient, readToken } from './issuer.ts'

export type Device = {
  id: string
  userAgent: string | null
  ipAddress: string | null
  createdAt: string
  updatedAt: string
}

const { get, post } = createCalls(browserFetch)

export const issuer = {
  findSession: createIssuerClient(browserFetch).findSession,
  listDevices: () => session.withCookie(async () => (await (await get('/list-sessions')).json()) as Device[]),
  endDevice: (id: string) => session.withCookie(() => post('/revoke-session', { token: id })),
  endOtherDevices: () => session.withCookie(() => post('/revoke-other-sessions')),
  /** Ends every session and begins a new one here: the answer carries its token. */
  changePassword(currentPassword: string, newPassword: string): Promise<AccessToken> {
    const body = { currentPassword, newPassword, revokeOtherSessions: true }
    return session.withCookie(async () =>
      readToken(await (await post('/change-password', body)).json(), Date.now()),
    )
  },
  deleteAccount: (password: string) => session.withCookie(() => post('/delete-user', { password })),
}
