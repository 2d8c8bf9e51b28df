// Many people at once: accounts, sessions and tasks by SQL, tokens from the issuer, and each with an address and a
// connection of their own.
import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { withClient } from '../standalone/src/database.ts'
import { type Person, type Servers, signUp } from './servers.ts'
import { openWire, requestText } from './wire.ts'

export interface Resident extends Person {
  /** One of 127.0.0.0/8. */
  address: string
  /** One of their tasks, if they were given some. */
  task: string
}

/** Everybody's password is the one of `credentials`. */
export async function settlePeople(servers: Servers, count: number, tasksEach: number): Promise<Resident[]> {
  const model = await signUp(servers)
  const cookieName = model.cookie.slice(0, model.cookie.indexOf('='))
  const newcomers = Array.from({ length: count }, (_, n) => newcomer(n))
  const tasks = await withClient(servers.database.adminUrl, async client => {
    const { ids, emails, sessions, secrets } = columnsOf(newcomers)
    await client.query(
      `insert into auth."user" (id, name, email, "emailVerified", "updatedAt")
       select id, '', email, false, now() from unnest($1::text[], $2::text[]) as t (id, email)`,
      [ids, emails],
    )
    await client.query(
      `insert into auth.account (id, "accountId", "providerId", "userId", password, "updatedAt")
       select 'account-' || newcomer, newcomer, 'credential', newcomer, model.password, now()
       from unnest($1::text[]) as t (newcomer), auth.account model where model."userId" = $2`,
      [ids, model.id],
    )
    await client.query(
      `insert into auth.session (id, "expiresAt", token, "updatedAt", "userId")
       select id, now() + interval '7 days', token, now(), owner
       from unnest($1::text[], $2::text[], $3::text[]) as t (id, token, owner)`,
      [sessions, secrets, ids],
    )
    const tasks = tasksEach > 0 ? await giveTasks(client, tasksEach) : new Map<string, string>()
    await client.query('analyze')
    return tasks
  })
  return newcomers.map(({ id, email, secret, address }) => {
    const cookie = `${cookieName}=${signed(secret, servers.authSecret)}`
    return { id, email, cookie, address, token: '', task: tasks.get(id) ?? '' }
  })
}

type Newcomer = { id: string; email: string; session: string; secret: string; address: string }

const newcomer = (n: number): Newcomer => ({
  id: `resident${randomBytes(12).toString('hex')}`,
  email: `${randomUUID()}@example.com`,
  session: randomBytes(16).toString('hex'),
  secret: randomBytes(16).toString('hex'),
  address: addressOf(n),
})

const addressOf = (n: number) =>
  `127.${1 + Math.floor(n / 62_500)}.${Math.floor(n / 250) % 250}.${(n % 250) + 1}`

const columnsOf = (all: Newcomer[]) => ({
  ids: all.map(({ id }) => id),
  emails: all.map(({ email }) => email),
  sessions: all.map(({ session }) => session),
  secrets: all.map(({ secret }) => secret),
})

/** In one block, for every insert must be its owner's: row security and triggers are as they are for everybody. */
async function giveTasks(client: Parameters<Parameters<typeof withClient>[1]>[0], tasksEach: number) {
  await client.query(`do $$ declare resident text; begin
    for resident in select id from auth."user" where id like 'resident%' loop
      perform set_config('app.subject', resident, true);
      insert into todo.task (id, title)
        select overlay(gen_random_uuid()::text placing '7' from 15)::uuid, 'Water plant number ' || n
        from generate_series(1, ${tasksEach}) n;
    end loop;
  end $$`)
  const { rows } = await client.query('select user_id, min(id::text) as id from todo.task group by user_id')
  return new Map<string, string>(rows.map(({ user_id, id }) => [user_id, id]))
}

/** As Better Auth writes the cookie of a session. */
function signed(secret: string, authSecret: string): string {
  const signature = createHmac('sha256', authSecret).update(secret).digest('base64')
  return encodeURIComponent(`${secret}.${signature}`)
}

/** Each asks the issuer with their cookie, some at a time; fails with the first who gets none. */
export async function fetchTokens({ issuer }: Servers, people: Resident[]): Promise<void> {
  const waiting = people.values()
  const work = async () => {
    for (const person of waiting) person.token = await fetchToken(issuer.port, person)
  }
  await Promise.all(Array.from({ length: 8 }, work))
}

async function fetchToken(port: number, { cookie, address }: Resident): Promise<string> {
  const wire = openWire(port, address)
  const answer = await wire.send(tokenRequest(cookie))
  wire.end()
  if (answer?.status !== 200) throw new Error(`A token: ${answer?.status} ${answer?.body}`)
  return tokenIn(answer.body)
}

export const tokenRequest = (cookie: string) =>
  requestText({ path: '/api/auth/token', headers: { Cookie: cookie } })

/** From a body that may be in chunks. */
export function tokenIn(body: string): string {
  const token = /"access_token":"([^"]+)"/.exec(body)?.[1]
  if (!token) throw new Error(`There is no token in ${body.slice(0, 200)}`)
  return token
}
