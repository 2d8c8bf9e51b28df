/**
 * What the page asks of the issuer: Better Auth's own endpoints, on the page's own origin. What only the account asks
 * is in `account-issuer.ts`, which comes with it.
 */
import { type Fetch, failureOf, send, sendPatiently } from '../http.ts'

export type User = { id: string; email: string; name: string }

/** Lives in memory only. `expiresAt` is this machine's clock, in milliseconds. */
export type AccessToken = { value: string; userId: string; expiresAt: number }

export type Credentials = { email: string; password: string }
export type Grant = { access_token: string; expires_in: number }

export type Issuer = ReturnType<typeof createIssuerClient>

export const createCalls = (fetch: Fetch) => ({
  get: (path: string) =>
    sendPatiently(fetch, `/api/auth${path}`, { headers: { accept: 'application/json' } }),
  post: (path: string, body: object = {}, deliver: typeof sendPatiently = send) =>
    deliver(fetch, `/api/auth${path}`, {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
})

export function createIssuerClient(fetch: Fetch, now: () => number = Date.now) {
  const { get, post } = createCalls(fetch)

  const enter = async (path: string, credentials: Credentials, deliver: typeof sendPatiently = send) => {
    const answer = (await (await post(path, credentials, deliver)).json()) as Grant & { user: User }
    return { user: readUser(answer.user), token: readToken(answer, now()) }
  }

  return {
    signUp: (credentials: Credentials) => enter('/sign-up/email', credentials),
    /** A password that a busy server has not looked at yet may be sent again. */
    signIn: (credentials: Credentials) => enter('/sign-in/email', credentials, sendPatiently),
    signOut: () => post('/sign-out'),

    /** Answers 200 with null when signed out, so a visitor's console stays clean. */
    async findSession(): Promise<{ user: User; sessionId: string } | null> {
      const found = await (await get('/get-session')).json()
      return found ? { user: readUser(found.user), sessionId: String(found.session.id) } : null
    },

    async issueToken(): Promise<AccessToken | null> {
      try {
        return readToken(await (await get('/token')).json(), now())
      } catch (error) {
        if (failureOf(error).status === 401) return null
        throw error
      }
    },
  }
}

function readUser({ id, email, name }: User): User {
  return { id, email, name }
}

export function readToken({ access_token, expires_in }: Grant, now: number): AccessToken {
  return { value: access_token, userId: subjectOf(access_token), expiresAt: now + expires_in * 1000 }
}

/** Only to notice that the account has changed; the servers alone decide whether a token is good. */
function subjectOf(token: string): string {
  const payload = token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? ''
  const bytes = Uint8Array.from(atob(payload), character => character.charCodeAt(0))
  return String(JSON.parse(new TextDecoder().decode(bytes)).sub)
}
