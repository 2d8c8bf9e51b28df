// People at work, all the while: they write, read, repeat, sign in and out, and try each other's doors.
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, askPatiently, bodyOf, isGood, send, took } from './client.ts'
import type { Api, Deployment, Server } from './deployment.ts'
import type { Account, Row, Session, Write } from './journal.ts'
import type { Judge } from './judge.ts'
import type { Random } from './random.ts'

const PASSWORD = 'violet otter ladder'
const ACCOUNTS = 6
const WORKERS = 6
const MOST_SESSIONS = 5

export interface Traffic {
  accounts: readonly Account[]
  /** Sessions whose end was acknowledged, the newest last. */
  dead: { owner: Account; session: Session }[]
  /** How long acknowledged sign-outs took, in milliseconds. */
  signOutTimes: number[]
  start(): void
  stop(): Promise<void>
  signIn(account: Account, issuer?: Server): Promise<{ answer: Answer; session: Session | null }>
  signOut(account: Account, session: Session, issuer?: Server): Promise<Answer>
  create(account: Account, session: Session, api: Api): Promise<Answer>
  list(account: Account, session: Session, api: Api): Promise<Answer>
  /** Sends every write again whose fate is unknown, under the key it had. */
  settle(): Promise<number>
  readAll(account: Account): Promise<Row[]>
  /** A live session that nothing ends but whoever asked for it. */
  reserve(account?: Account): Promise<{ account: Account; session: Session }>
}

type Parts = { deployment: Deployment; judge: Judge; random: Random }

export async function openTraffic({ deployment, judge, random }: Parts): Promise<Traffic> {
  const { apis, issuers, issuerUrl } = deployment
  const dead: Traffic['dead'] = []
  const signOutTimes: number[] = []
  const accounts: Account[] = []
  let running: Promise<void>[] = []
  let stopping = false

  async function signUp(number: number): Promise<Account> {
    const email = `person-${number}-${randomUUID().slice(0, 8)}@example.com`
    const body = { email, password: PASSWORD }
    const answer = await send(random.pick(issuers).url, 'POST', '/api/auth/sign-up/email', { body })
    if (!isGood(answer)) throw new Error(`sign-up answered ${answer.status} ${answer.text}`)
    const { id } = bodyOf(answer).user
    return { id, email, canary: `canary-${randomUUID()}`, sessions: [sessionOf(answer)], writes: new Map() }
  }

  function sessionOf(answer: Answer): Session {
    return {
      cookie: answer.headers.getSetCookie()[0]!.split(';')[0]!,
      token: bodyOf(answer).access_token,
    }
  }

  async function signIn(account: Account, issuer = random.pick(issuers)) {
    const body = { email: account.email, password: PASSWORD }
    const answer = await send(issuer.url, 'POST', '/api/auth/sign-in/email', { body })
    return { answer, session: isGood(answer) ? sessionOf(answer) : null }
  }

  async function signOut(account: Account, session: Session, issuer: Server = random.pick(issuers)) {
    session.endAskedAt = performance.now()
    account.sessions = account.sessions.filter(other => other !== session)
    const call = { cookie: session.cookie, origin: issuerUrl, body: {} }
    const answer = await send(issuer.url, 'POST', '/api/auth/sign-out', call)
    if (isGood(answer)) {
      session.endedAt = answer.answeredAt
      signOutTimes.push(took(answer))
      dead.push({ owner: account, session })
      await Promise.all(apis.map(api => list(account, session, api)))
    } else if (answer.headers.getSetCookie().length > 0)
      judge.fault(`a sign-out that answered ${answer.status} took the cookie away`)
    return answer
  }

  async function list(account: Account, session: Session, api: Api): Promise<Answer> {
    const answer = await send(api.url, 'GET', `/api/${account.id}/tasks?limit=20`, { token: session.token })
    judge.watch(api, answer, { owner: account, session })
    return answer
  }

  async function create(account: Account, session: Session, api: Api): Promise<Answer> {
    const key = randomUUID()
    const write: Write = { key, title: `${account.canary} ${key}`, acknowledged: false }
    account.writes.set(key, write)
    return await sendWrite(account, session, api, write)
  }

  async function sendWrite(account: Account, session: Session, api: Api, write: Write): Promise<Answer> {
    const call = { token: session.token, body: { title: write.title }, idempotencyKey: write.key }
    const answer = await send(api.url, 'POST', `/api/${account.id}/tasks`, call)
    judge.watch(api, answer, { owner: account, session })
    if (answer.status !== 201) return answer
    const { id } = bodyOf(answer)
    if (write.id !== undefined && write.id !== id) judge.fault(`done twice under one key: ${write.title}`)
    Object.assign(write, { id, acknowledged: true })
    return answer
  }

  async function change(account: Account, session: Session, api: Api): Promise<void> {
    const open = [...account.writes.values()].filter(write => write.acknowledged && !write.change)
    if (open.length === 0) return
    const write = random.pick(open)
    const path = `/api/${account.id}/tasks/${write.id}`
    const isDelete = random.chance(0.4)
    write.change = isDelete
      ? { kind: 'delete', acknowledged: false }
      : { kind: 'replace', title: `${account.canary} ${randomUUID()}`, acknowledged: false }
    const call = write.change.kind === 'replace' ? { body: { title: write.change.title } } : {}
    const answer = await send(api.url, isDelete ? 'DELETE' : 'PUT', path, { token: session.token, ...call })
    judge.watch(api, answer, { owner: account, session })
    write.change.acknowledged = isGood(answer)
    if (answer.status === 404) judge.fault(`acknowledged, and not found by its id: ${write.title}`)
  }

  async function repeat(account: Account, session: Session, api: Api): Promise<void> {
    const recent = [...account.writes.values()].slice(-20)
    if (recent.length > 0) await sendWrite(account, session, api, random.pick(recent))
  }

  /** Somebody else's path, with a token that is good for one's own. */
  async function trespass(account: Account, session: Session, api: Api): Promise<void> {
    const other = random.pick(accounts.filter(candidate => candidate !== account))
    const answer = await send(api.url, 'GET', `/api/${other.id}/tasks`, { token: session.token })
    judge.watch(api, answer, null)
  }

  async function comeOrGo(account: Account): Promise<void> {
    if (account.sessions.length > 1 && random.chance(0.5)) {
      await signOut(account, random.pick(account.sessions.slice(1)))
    } else if (account.sessions.length < MOST_SESSIONS) {
      const { session } = await signIn(account)
      if (session) account.sessions.push(session)
    }
  }

  async function work(): Promise<void> {
    while (!stopping) {
      const account = random.pick(accounts)
      const session = random.pick(account.sessions)
      const api = random.pick(apis)
      const chance = random.next()
      if (chance < 0.35) await create(account, session, api)
      else if (chance < 0.45) await repeat(account, session, api)
      else if (chance < 0.6) await change(account, session, api)
      else if (chance < 0.8) await list(account, session, api)
      else if (chance < 0.9) await trespass(account, session, api)
      else await comeOrGo(account)
      await sleep(random.between(50, 150))
    }
  }

  /** Dead tokens knock all the time, mostly those that died last. */
  async function haunt(): Promise<void> {
    while (!stopping) {
      const candidates = random.chance(0.8) ? dead.slice(-10) : dead
      if (candidates.length > 0) {
        const { owner, session } = random.pick(candidates)
        await list(owner, session, random.pick(apis))
      }
      await sleep(30)
    }
  }

  async function settle(): Promise<number> {
    const deadline = performance.now() + 20_000
    const unsettled = () =>
      accounts.flatMap(account =>
        [...account.writes.values()].filter(write => !write.acknowledged).map(write => ({ account, write })),
      )
    const asked = unsettled().length
    while (unsettled().length > 0 && performance.now() < deadline) {
      for (const { account, write } of unsettled())
        await sendWrite(account, account.sessions[0]!, random.pick(apis), write)
    }
    for (const { write } of unsettled()) judge.fault(`never settled: ${write.title}`)
    return asked
  }

  async function readAll(account: Account): Promise<Row[]> {
    const rows: Row[] = []
    let path: string | undefined = `/api/${account.id}/tasks?limit=100`
    while (path) {
      const page: string = path
      const { token } = account.sessions[0]!
      const answer = await askPatiently(() => send(random.pick(apis).url, 'GET', page, { token }), 20_000)
      if (answer.status !== 200) throw new Error(`reading everything: ${answer.status} ${answer.text}`)
      rows.push(...bodyOf(answer))
      path = /<([^>]+)>; rel="next"/.exec(answer.headers.get('link') ?? '')?.[1]
    }
    return rows
  }

  async function reserve(account = random.pick(accounts)) {
    for (const end = performance.now() + 10_000; performance.now() < end; await sleep(200)) {
      const { session } = await signIn(account)
      if (session) return { account, session }
    }
    throw new Error('nobody can sign in')
  }

  for (let number = 1; number <= ACCOUNTS; number += 1) accounts.push(await signUp(number))
  return {
    accounts,
    dead,
    signOutTimes,
    signIn,
    signOut,
    create,
    list,
    settle,
    readAll,
    reserve,
    start() {
      stopping = false
      running = [...Array.from({ length: WORKERS }, work), haunt()]
    },
    async stop() {
      stopping = true
      await Promise.all(running)
    },
  }
}
