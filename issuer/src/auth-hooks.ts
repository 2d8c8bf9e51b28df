import { APIError, createAuthMiddleware, getSessionFromCtx, isAPIError } from 'better-auth/api'
import { sql } from 'kysely'
import type { AccessTokens } from './access-token.ts'
import { type Attempts, TooManyAttempts } from './attempts.ts'
import { type Database, isWorthRetrying } from './database.ts'
import type { IssuerEnv } from './env.ts'
import { findPasswordFault, PASSWORD_LENGTH } from './password-policy.ts'
import { currentScope } from './request-scope.ts'
import { createTurns, TooManyWaiting } from './turns.ts'

type HookContext = Parameters<Parameters<typeof createAuthMiddleware>[0]>[0]
type Hook = (ctx: HookContext) => Promise<unknown>

interface Parts {
  env: IssuerEnv
  db: Database
  attempts: Attempts
  accessTokens: AccessTokens
  hashPassword: (password: string) => Promise<string>
}

/** What the issuer adds around Better Auth's endpoints: a step before and a step after each, by its path. */
export function createAuthHooks({ env, db, attempts, accessTokens, hashPassword }: Parts) {
  // An attempt counts as failed until it is proved good: taken in turns, many good ones at once are not refused.
  const turns = createTurns({ concurrent: 4, waiting: 256 })

  const before: Record<string, Hook> = {
    '/sign-up/email': async ctx => {
      await paced(attempts.pace(currentScope().client))
      await noteCookie(ctx)
      await requireOpenSignUp()
      const name = checkRegistration(ctx.body)
      // Better Auth hashes inside its transaction: a few sign-ups waiting their turn would hold every connection.
      currentScope().preparedHash = await hashPassword(ctx.body.password)
      return { context: { body: { name } } }
    },
    '/sign-in/email': async ctx => {
      await paced(attempts.pace(currentScope().client))
      await noteCookie(ctx)
      await beginAttempt(requireText(ctx.body?.email, 'INVALID_EMAIL', 'Enter an email address.'))
    },
    '/sign-out': async ctx => {
      await noteCookie(ctx)
      await noteSession()
    },
    '/revoke-session': async ctx => {
      const id = requireText(ctx.body?.token, 'INVALID_SESSION', 'Name the session to end.')
      const actor = await noteActor(ctx)
      const session = await findSession(id)
      // Only what was found is logged: the text sent could be anything, a password or a cookie.
      if (session && session.userId === actor) currentScope().sid = id
      // An unknown id stands for itself and matches no session.
      return { context: { body: { token: session?.token ?? id } } }
    },
    '/revoke-sessions': async ctx => void (await noteActor(ctx)),
    '/revoke-other-sessions': async ctx => void (await noteActor(ctx)),
    '/change-password': async ctx => {
      requireText(ctx.body?.currentPassword, 'INVALID_PASSWORD', 'Enter your current password.')
      const newPassword = requireText(ctx.body?.newPassword, 'INVALID_PASSWORD', 'Enter a new password.')
      const account = await noteAccount(ctx)
      if (account) {
        refuseWeakPassword(newPassword, account.email)
        await beginAttempt(account.email)
      }
      // A new password always ends the other sessions, whatever the client asks for.
      return { context: { body: { revokeOtherSessions: true } } }
    },
    '/delete-user': async ctx => {
      // With `freshAge` 0 Better Auth would delete the account on the cookie alone.
      requireText(ctx.body?.password, 'INVALID_PASSWORD', 'Enter your password to delete the account.')
      if (ctx.body.token !== undefined) throw new APIError('BAD_REQUEST', { code: 'INVALID_FIELD' })
      const account = await noteAccount(ctx)
      if (account) await beginAttempt(account.email)
    },
  }

  const after: Record<string, Hook> = {
    '/sign-up/email': async ctx => {
      if (isAPIError(ctx.context.returned)) return await explainTakenEmail(ctx, ctx.context.returned)
      await requireFirstAccount(ctx.context.newSession!.user.id)
      return await answerWithToken(ctx, ctx.context.returned)
    },
    '/sign-in/email': async ctx => {
      if (isAPIError(ctx.context.returned)) return
      await requireUnchangedPassword(ctx)
      await attempts.succeed(ctx.body.email, currentScope().client)
      return await answerWithToken(ctx, ctx.context.returned)
    },
    '/token': async ctx => {
      const subject = ctx.context.session
      if (isAPIError(ctx.context.returned) || !subject) return
      noteSubject(subject)
      const answer = await accessTokens.mint(ctx as never, subject)
      return ctx.json({ token: answer.access_token, ...answer })
    },
    '/get-session': async ctx => {
      const returned = ctx.context.returned as { session?: { id: string; token?: string } } | null
      if (returned?.session) return ctx.json({ ...returned, session: withoutToken(returned.session) })
    },
    '/list-sessions': async ctx => {
      const returned = ctx.context.returned
      if (Array.isArray(returned)) return ctx.json(returned.map(withoutToken))
    },
    '/change-password': async ctx => {
      if (isAPIError(ctx.context.returned)) return
      await requireUnchangedPassword(ctx)
      await attempts.succeed(ctx.context.newSession!.user.email, currentScope().client)
      return await answerWithToken(ctx, ctx.context.returned)
    },
  }

  async function beginAttempt(email: string): Promise<void> {
    const scope = currentScope()
    scope.endTurn = await turns.take(scope.gone).catch(refuseWhenBusy)
    await paced(attempts.begin(email, scope.client))
    scope.takeBack = () => attempts.takeBack(email, scope.client)
  }

  async function requireOpenSignUp(): Promise<void> {
    const taken =
      env.signUp === 'first' && (await db.selectFrom('auth.user').select('id').limit(1).executeTakeFirst())
    if (env.signUp === 'closed' || taken) throw signUpClosed()
  }

  /** First sign-ups at once all found nobody: one after the other, each that is not alone by now goes again. */
  async function requireFirstAccount(userId: string): Promise<void> {
    if (env.signUp !== 'first') return
    const { numDeletedRows } = await retried(() =>
      db.transaction().execute(async trx => {
        await sql`select pg_advisory_xact_lock(hashtext('latchkey.first-account'))`.execute(trx)
        const others = trx.selectFrom('auth.user').select('id').where('id', '<>', userId)
        return await trx
          .deleteFrom('auth.user')
          .where('id', '=', userId)
          .where(({ exists }) => exists(others))
          .executeTakeFirstOrThrow()
      }),
    )
    if (numDeletedRows > 0n) throw signUpClosed()
  }

  async function noteSession(): Promise<void> {
    const { presentedToken } = currentScope()
    if (!presentedToken) return
    const session = await db
      .selectFrom('auth.session')
      .select(['id', 'userId'])
      .where('token', '=', presentedToken)
      .executeTakeFirst()
    Object.assign(currentScope(), { sid: session?.id, actor: session?.userId })
  }

  async function findSession(id: string) {
    return await db
      .selectFrom('auth.session')
      .select(['token', 'userId'])
      .where('id', '=', id)
      .executeTakeFirst()
  }

  /**
   * A password change that was committed while this request was proving the old password has ended all sessions
   * but the one just made. FOR SHARE waits for a change under way, so one of the two always sees the other.
   */
  async function requireUnchangedPassword(ctx: HookContext): Promise<void> {
    const { user, session } = ctx.context.newSession!
    const { rows } = await sql<{ password: string | null }>`
      select password from auth.account
      where "userId" = ${user.id} and "providerId" = 'credential' for share`.execute(db)
    if (rows[0]?.password === currentScope().provedHash) return
    await retried(() => db.deleteFrom('auth.session').where('id', '=', session.id).execute())
    throw new APIError('UNAUTHORIZED', {
      code: 'INVALID_EMAIL_OR_PASSWORD',
      message: 'Invalid email or password',
    })
  }

  /** RFC 6749 §5.1 members beside Better Auth's own, and never the session's token. */
  async function answerWithToken(ctx: HookContext, returned: unknown) {
    const subject = ctx.context.newSession!
    await endReplacedSession(subject.session.id)
    noteSubject(subject)
    const { token: _cookieValue, ...body } = returned as Record<string, unknown>
    return ctx.json({ ...body, ...(await accessTokens.mint(ctx as never, subject)) })
  }

  /** Signing in again on the same browser replaces its cookie; the session behind the old one ends with it. */
  async function endReplacedSession(newId: string): Promise<void> {
    const { presentedToken } = currentScope()
    if (!presentedToken) return
    await retried(() =>
      db.deleteFrom('auth.session').where('token', '=', presentedToken).where('id', '<>', newId).execute(),
    )
  }

  /** Two sign-ups at once: the second meets the unique index instead of the look-up, and is told the same. */
  async function explainTakenEmail(ctx: HookContext, error: APIError) {
    const email = String(ctx.body?.email).toLowerCase()
    if (error.body?.code !== 'FAILED_TO_CREATE_USER') return
    if (!(await db.selectFrom('auth.user').select('id').where('email', '=', email).executeTakeFirst())) return
    throw new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      message: 'User already exists. Use another email.',
    })
  }

  return {
    before: createAuthMiddleware(async ctx => await before[ctx.path ?? '']?.(ctx)),
    after: createAuthMiddleware(async ctx => await after[ctx.path ?? '']?.(ctx)),
    /** Account deletion as one statement; its cascades end the sessions and remove the tasks. */
    deleteUser: async (user: { id: string }) => {
      await retried(() => db.deleteFrom('auth.user').where('id', '=', user.id).execute())
    },
    /** Sets the new hash only over the one this request has proved: of two changes at once, one wins. */
    replacePassword: async (userId: string, hash: string) => {
      const { provedHash = null } = currentScope()
      const result = await retried(() =>
        db
          .updateTable('auth.account')
          .set({ password: hash, updatedAt: new Date() })
          .where('userId', '=', userId)
          .where('providerId', '=', 'credential')
          .where('password', '=', provedHash)
          .executeTakeFirst(),
      )
      if (result.numUpdatedRows === 0n)
        throw new APIError('BAD_REQUEST', { code: 'INVALID_PASSWORD', message: 'Invalid password' })
      currentScope().provedHash = hash
    },
  }
}

function signUpClosed(): APIError {
  return new APIError('FORBIDDEN', {
    code: 'SIGN_UP_CLOSED',
    message: 'This server takes no new accounts. Ask the person who runs it.',
  })
}

export function refuseWhenBusy(error: unknown): never {
  if (!(error instanceof TooManyWaiting)) throw error
  throw new APIError(
    'SERVICE_UNAVAILABLE',
    { code: 'BUSY', message: 'Many people are signing in right now. Try again in a moment.' },
    { 'retry-after': '2' },
  )
}

async function noteCookie(ctx: HookContext): Promise<void> {
  const { name } = ctx.context.authCookies.sessionToken
  currentScope().presentedToken = (await ctx.getSignedCookie(name, ctx.context.secret)) || undefined
}

async function noteActor(ctx: HookContext): Promise<string | undefined> {
  currentScope().actor = (await getSessionFromCtx(ctx))?.user.id
  return currentScope().actor
}

async function noteAccount(ctx: HookContext): Promise<{ email: string } | null> {
  const subject = await getSessionFromCtx(ctx)
  if (subject) noteSubject(subject)
  return subject?.user ?? null
}

function noteSubject({ user, session }: { user: { id: string }; session: { id: string } }): void {
  Object.assign(currentScope(), { actor: user.id, sid: session.id })
}

/** Checks what a registration says of its person and returns the name to keep. */
function checkRegistration(body: Record<string, unknown> | undefined): string {
  const email = requireText(body?.email, 'INVALID_EMAIL', 'Enter an email address.', 254)
  const password = requireText(body?.password, 'INVALID_PASSWORD', 'Enter a password.')
  for (const field of ['image', 'id', 'emailVerified', 'createdAt', 'updatedAt'])
    if (body?.[field] !== undefined)
      throw new APIError('BAD_REQUEST', { code: 'INVALID_FIELD', message: `${field} cannot be chosen.` })
  refuseWeakPassword(password, email)
  if (body?.name === undefined || body.name === '') return email.split('@')[0] || email
  const name = requireText(body.name, 'INVALID_NAME', 'A name has at most 100 characters.', 100)
  if (/\p{Cc}/u.test(name))
    throw new APIError('BAD_REQUEST', { code: 'INVALID_NAME', message: 'A name is one line of text.' })
  return name
}

function refuseWeakPassword(password: string, email: string): void {
  // The length is Better Auth's to check, with its own codes.
  if (password.length < PASSWORD_LENGTH.min || password.length > PASSWORD_LENGTH.max) return
  const fault = findPasswordFault(password, email)
  if (fault) throw new APIError('BAD_REQUEST', { ...fault })
}

function requireText(value: unknown, code: string, message: string, longest = 1_024): string {
  // PostgreSQL stores no NUL.
  if (typeof value === 'string' && value && value.length <= longest && !value.includes('\0')) return value
  throw new APIError('BAD_REQUEST', { code, message })
}

function withoutToken<Session extends { id: string; token?: string }>(session: Session): Session {
  return { ...session, token: session.id }
}

async function paced(attempt: Promise<void>): Promise<void> {
  try {
    await attempt
  } catch (error) {
    if (!(error instanceof TooManyAttempts)) throw error
    throw new APIError(
      'TOO_MANY_REQUESTS',
      { code: 'TOO_MANY_ATTEMPTS', message: 'Too many attempts. Wait a while, then try again.' },
      { 'retry-after': String(error.retryAfter) },
    )
  }
}

async function retried<Result>(work: () => Promise<Result>, tries = 3): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (tries <= 1 || !isWorthRetrying(error as { code?: string })) throw error
    currentScope().databaseError = undefined
    return await retried(work, tries - 1)
  }
}
