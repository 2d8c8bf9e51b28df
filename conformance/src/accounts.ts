// Accounts and sessions through the profile's recipe.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer, Request } from './client.ts'
import { KitFault, TargetFault } from './faults.ts'
import type { Guard } from './guard.ts'
import { pointTo } from './json-pointer.ts'
import type { Action, Profile } from './profile.ts'
import type { Random } from './random.ts'

/** The window of a limit by minutes, and a little more. */
const PATIENCE_MS = 70_000

/** One device of one account: its cookies, and the token it got last. */
export interface Session {
  id: string
  email: string
  password: string
  name: string
  token: string
  cookies: Map<string, string>
}

export type Values = Record<string, string>

export interface Accounts {
  /** Whether the recipe has this step. */
  can(action: Action): boolean
  /** Signs up with new values, or with these. */
  signUp(values?: Partial<Pick<Session, 'email' | 'password' | 'name'>>): Promise<Session>
  /** Another session of the same account. */
  signIn(session: Pick<Session, 'email' | 'password'>): Promise<Session>
  /** A fresh access token of the session; a TargetFault when refused. */
  token(session: Session): Promise<string>
  /** One step as it is, whatever comes of it; cookies of the answer are kept in the session. `{name}` of `values` fills the step. */
  do(
    action: Action,
    session?: Session | null,
    values?: Values,
    change?: (request: Request) => Request,
  ): Promise<Answer>
  /** The request `do` would send. */
  request(action: Action, session?: Session | null, values?: Values): Request
  /** Takes the answer's cookies into the session. */
  keepCookies(session: Session, answer: Answer): void
  /** `mark` is what `{random}` becomes in the e-mail; the name holds it too. */
  newValues(mark?: string): Pick<Session, 'email' | 'password' | 'name'>
}

export interface AccountsOptions {
  profile: Profile
  send(request: Request): Promise<Answer>
  random: Random
  guard: Pick<Guard, 'secret' | 'ofEmail' | 'knows'>
}

export function createAccounts({ profile, send, random, guard }: AccountsOptions): Accounts {
  const { recipe = {}, headers = {} } = profile.accounts

  const accounts: Accounts = {
    can: action => recipe[action] !== undefined,
    newValues(mark = random.text(12)) {
      const { email, password } = profile.accounts
      return {
        email: email.replaceAll('{random}', mark),
        password: password.replaceAll('{random}', random.text(12)),
        name: `Kit ${mark}`,
      }
    },
    async signUp(values) {
      const session: Session = { id: '', token: '', cookies: new Map(), ...accounts.newValues(), ...values }
      guard.secret(session.password, 'a password')
      return await enter('signUp', session)
    },
    async signIn({ email, password }) {
      return await enter('signIn', { id: '', token: '', name: '', cookies: new Map(), email, password })
    },
    async token(session) {
      const answer = await accounts.do('token', session)
      const token = pointTo(answer.json, recipe.token!.token ?? '/token')
      if (typeof token !== 'string')
        throw new TargetFault(`the token step answered ${answer.status}: ${shorten(answer)}`)
      keepToken(session, token)
      return token
    },
    async do(action, session, values, change = request => request) {
      const answer = await send(change(accounts.request(action, session, values)))
      if (session) accounts.keepCookies(session, answer)
      return answer
    },
    request(action, session, values = {}) {
      const step = recipe[action]
      if (!step) throw new KitFault(`the profile's recipe has no ${action}`)
      const known: Values = { ...textsOf(session), ...values }
      const body = step.body === undefined ? undefined : JSON.stringify(fillIn(step.body, known))
      return {
        to: 'issuer',
        as: guard.ofEmail(session?.email ?? values.email) ?? null,
        method: step.method,
        target: fillIn(step.path, known) as string,
        headers: [
          ['Accept', 'application/json'],
          ...Object.entries({ ...headers, ...step.headers }).map(
            ([name, value]) => [name, fillIn(value, known) as string] as [string, string],
          ),
          ...(body === undefined ? [] : [['Content-Type', 'application/json'] as [string, string]]),
          ...cookieHeader(session),
        ],
        body,
      }
    },
    keepCookies(session, answer) {
      for (const [name, value] of answer.headers) {
        if (name.toLowerCase() !== 'set-cookie') continue
        const [pair, ...attributes] = value.split(';')
        const at = pair!.indexOf('=')
        const [key, content] = [pair!.slice(0, at), pair!.slice(at + 1)]
        const isOver = content === '' || attributes.some(text => /^\s*max-age=0\s*$/i.test(text))
        if (isOver) session.cookies.delete(key)
        else {
          session.cookies.set(key, content)
          guard.secret(content, 'a cookie')
          guard.knows(content, guard.ofEmail(session.email))
        }
      }
    },
  }
  return accounts

  function keepToken(session: Session, token: string): void {
    session.token = token
    guard.secret(token, 'an access token')
    guard.knows(token, guard.ofEmail(session.email))
  }

  /** The kit is many people behind one address: a target may tell them to come back. */
  async function askPatiently(action: Action, session: Session): Promise<Answer> {
    const end = performance.now() + PATIENCE_MS
    while (true) {
      const answer = await accounts.do(action, session)
      const wait = Number(answer.header('retry-after') ?? Number.NaN) * 1_000
      const isWorthIt = performance.now() + wait <= end
      if (!isBusy(answer) || !isWorthIt) return answer
      await sleep(wait)
    }
  }

  async function enter(action: 'signUp' | 'signIn', session: Session): Promise<Session> {
    const answer = await askPatiently(action, session)
    if (answer.status < 200 || answer.status > 299) {
      throw new TargetFault(`the ${action} step answered ${answer.status}: ${shorten(answer)}`)
    }
    const { id, token } = recipe[action]!
    session.id = String(pointTo(answer.json, id ?? '/user/id') ?? '')
    const given = pointTo(answer.json, token ?? '/access_token')
    if (typeof given === 'string') keepToken(session, given)
    else await accounts.token(session)
    return session
  }
}

function isBusy({ status }: Answer): boolean {
  return status === 429 || status === 503
}

function textsOf(session?: Session | null): Values {
  if (!session) return {}
  const { id, email, password, name, token } = session
  return { id, email, password, name, token }
}

function cookieHeader(session?: Session | null): [string, string][] {
  if (!session || session.cookies.size === 0) return []
  return [['Cookie', [...session.cookies].map(([name, value]) => `${name}=${value}`).join('; ')]]
}

function fillIn(value: unknown, values: Values): unknown {
  if (typeof value === 'string')
    return value.replace(/\{(\w+)\}/g, (all, name: string) => values[name] ?? all)
  if (Array.isArray(value)) return value.map(item => fillIn(item, values))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fillIn(item, values)]))
}

const shorten = (answer: Answer) => answer.text.slice(0, 200)
