// What the people of a crowd do: they ask for this and that with the token they have, or they come, sign in, look and
// sign out again.
import type { Line, Note, Task } from './crowd.ts'
import { type Resident, tokenIn, tokenRequest } from './people.ts'
import { credentials, type Servers } from './servers.ts'
import { type Answer, openWire, requestText } from './wire.ts'

export const KINDS = {
  list: { share: 0.7, status: 200 },
  read: { share: 0.12, status: 200 },
  create: { share: 0.09, status: 201 },
  toggle: { share: 0.09, status: 200 },
}
export type Kind = keyof typeof KINDS

/** The share of requests before which a page gets itself a new token. */
const RENEWALS = 0.01

export function requestOf(kind: Kind, { id, token, task }: Resident): string {
  const headers = { Authorization: `Bearer ${token}` }
  const path = `/api/${id}/tasks`
  if (kind === 'list') return requestText({ path, headers })
  if (kind === 'read') return requestText({ path: `${path}/${task}`, headers })
  if (kind === 'toggle') return requestText({ method: 'PATCH', path: `${path}/${task}/complete`, headers })
  return requestText({ method: 'POST', path, headers, body: { title: 'Buy soil for the balcony' } })
}

/** Over the person's own connection. */
export const ask =
  (servers: Servers, line: Line, person: Resident, kind: Kind): Task['run'] =>
  async (note, due) => {
    const answer = await line.send(requestOf(kind, person))
    note(kind, due, unless(KINDS[kind].status, answer))
    if (Math.random() < RENEWALS) await renewToken(servers, person, note)
  }

async function renewToken({ issuer }: Servers, person: Resident, note: Note): Promise<void> {
  const began = performance.now()
  const answer = await askOnce(issuer.port, person.address, tokenRequest(person.cookie))
  note('new token', began, unless(200, answer))
  if (answer?.status === 200) person.token = tokenIn(answer.body)
}

/** A session from its beginning to its end, after which its token is worth nothing. */
export const visit =
  ({ issuer, api }: Servers, { id, email, address, task }: Resident): Task['run'] =>
  async (note, due) => {
    const origin = { Origin: `http://localhost:${issuer.port}` }
    const post = (path: string, headers: Record<string, string>, body: unknown) =>
      askOnce(issuer.port, address, requestText({ method: 'POST', path, headers, body }))

    const entered = await post('/api/auth/sign-in/email', origin, credentials(email))
    note('sign-in', due, unless(200, entered))
    if (entered?.status !== 200) return
    const cookie = /\r\nset-cookie: ([^;]+)/i.exec(entered.head)![1]!
    const visitor = { id, email, address, task, cookie, token: tokenIn(entered.body) }

    const looked = performance.now()
    const list = requestOf('list', visitor)
    note('first list', looked, unless(200, await askOnce(api.port, address, list)))
    const left = performance.now()
    note('sign-out', left, unless(200, await post('/api/auth/sign-out', { ...origin, Cookie: cookie }, {})))
    const tried = performance.now()
    note('list after it: 401', tried, unless(401, await askOnce(api.port, address, list)))
  }

async function askOnce(port: number, address: string, request: string): Promise<Answer | null> {
  const wire = openWire(port, address)
  const answer = await wire.send(request)
  wire.end()
  return answer
}

const unless = (status: number, answer: Answer | null) =>
  answer?.status === status ? undefined : `answered ${answer?.status ?? 'nothing'}`
