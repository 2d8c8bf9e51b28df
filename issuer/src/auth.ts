import { createHash } from 'node:crypto'
import { betterAuth } from 'better-auth'
import { APIError } from 'better-auth/api'
import type { Logger } from 'pino'
import { type AccessTokens, createAccessTokens } from './access-token.ts'
import { createAttempts } from './attempts.ts'
import { createAuthHooks, refuseWhenBusy } from './auth-hooks.ts'
import type { Database } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { createPasswordHasher, type PasswordHasher } from './password.ts'
import { PASSWORD_LENGTH } from './password-policy.ts'
import { currentScope } from './request-scope.ts'

/** The header in which the issuer, and nobody else, tells Better Auth the client's address. */
export const CLIENT_HEADER = 'x-latchkey-client'

const DAY = 24 * 60 * 60
const HOUR = 60 * 60

interface Parts {
  env: IssuerEnv
  db: Database
  log: Logger
  /** One for the whole process: it bounds the work. */
  passwords?: PasswordHasher
  /** The time that tokens are made by, in milliseconds. */
  now?: () => number
}

/** Every Better Auth setting. Create it after the migrations: it remembers a schema that did not fit. */
export function createAuth({ env, db, log, passwords = createPasswordHasher(), now }: Parts) {
  const accessTokens = createAccessTokens(env, now)
  const attempts = createAttempts(db, env.limits, env.authSecrets[0]!)
  const passwordFunctions = withScope(passwords)
  const hooks = createAuthHooks({ env, db, attempts, accessTokens, hashPassword: passwordFunctions.hash })

  const auth = betterAuth({
    appName: 'Latchkey',
    baseURL: env.issuerUrl,
    basePath: '/api/auth',
    secrets: env.authSecrets.map(value => ({ version: secretVersion(value), value })),
    trustedOrigins: [...env.webOrigins],
    database: { db: db as never, type: 'postgres', schemaName: 'auth', transaction: true },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: PASSWORD_LENGTH.min,
      maxPasswordLength: PASSWORD_LENGTH.max,
      password: passwordFunctions,
    },
    user: { deleteUser: { enabled: true, beforeDelete: hooks.deleteUser } },
    session: {
      expiresIn: 7 * DAY,
      updateAge: HOUR,
      // 0: changing the password and deleting the account ask for the password instead of a young session.
      freshAge: 0,
      // A cached session would let /token serve one that was revoked.
      cookieCache: { enabled: false },
    },
    databaseHooks: {
      account: { update: { before: account => replacePassword(account) } },
    },
    // Its own limits go by address and path alone and depend on NODE_ENV; ours are in attempts.ts.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    advanced: {
      useSecureCookies: false,
      cookies: cookieNames(env.issuerUrl.startsWith('https:')),
      ipAddress: { ipAddressHeaders: [CLIENT_HEADER] },
      database: { joins: true, defaultFindManyLimit: 10_000 },
    },
    // Its messages name emails; what matters of them is in the security log.
    logger: { disabled: true },
    onAPIError: { onError: error => answerUnexpected(log, error) },
    hooks: { before: hooks.before, after: hooks.after },
    plugins: [accessTokens.plugin],
  })

  /** False: it has been written, and Better Auth must not write it again over one set meanwhile. */
  async function replacePassword(account: Record<string, unknown>): Promise<false | undefined> {
    const { actor } = currentScope()
    if (typeof account.password !== 'string' || !actor) return
    await hooks.replacePassword(actor, account.password)
    return false
  }

  return { auth, accessTokens, authSecrets: env.authSecrets }
}
export type Auth = ReturnType<typeof createAuth>['auth']
export type { AccessTokens }

function withScope(passwords: PasswordHasher) {
  return {
    hash: async (password: string) =>
      currentScope().preparedHash ??
      (await passwords.hash(password, currentScope().gone).catch(refuseWhenBusy)),
    verify: async ({ hash, password }: { hash: string; password: string }) => {
      const right = await passwords.verify(hash, password, currentScope().gone).catch(refuseWhenBusy)
      if (right) currentScope().provedHash = hash
      else currentScope().wrongPassword = true
      return right
    },
  }
}

/** Better Auth stores a secret's version with what it encrypts; from the value, it survives any rotation. */
function secretVersion(secret: string): number {
  return createHash('sha256').update(secret).digest().readUInt32BE(0) >>> 1
}

/** `__Host-` (RFC 6265bis §4.1.3.2) binds a cookie to this very host; Better Auth itself only knows `__Secure-`. */
function cookieNames(secure: boolean) {
  const names = ['session_token', 'session_data', 'dont_remember', 'account_data']
  return Object.fromEntries(
    names.map(name => [
      name,
      {
        name: `${secure ? '__Host-' : ''}latchkey.${name}`,
        attributes: { secure, httpOnly: true, sameSite: 'lax' as const, path: '/' },
      },
    ]),
  )
}

function answerUnexpected(log: Logger, error: unknown): void {
  if (error instanceof APIError) return
  const { name, code, stack } = error as Error & { code?: string }
  // foreign_key_violation: the account was deleted while its password was being proved.
  if (code === '23503')
    throw new APIError('UNAUTHORIZED', {
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
    })
  // The message and detail of a database error can hold an email: only where it happened is kept.
  const where = stack
    ?.split('\n')
    .filter(line => line.trim().startsWith('at '))
    .slice(0, 5)
  log.error(
    { event: 'sys_error', error: name, code, where, request_id: currentScope().requestId },
    'unexpected error in Better Auth',
  )
  // An error left to Better Auth's router is printed whole to the console, emails in it too.
  throw new APIError('INTERNAL_SERVER_ERROR')
}
