// One person and their tasks, lists and tags, as a client of the API has them.
import assert from 'node:assert/strict'
import { uuidV7 } from '../src/uuid.ts'
import type { Json, openTestApi, User } from './open-api.ts'

type Product = Awaited<ReturnType<typeof openTestApi>>
type Headers = Record<string, string>

export async function openOrganizer(product: Product, user?: User) {
  const person = user ?? (await product.addUser())
  const base = `/api/${person.id}`
  const ask = (method: string, path: string, body?: unknown, headers: Headers = {}) =>
    product.request(`${base}${path}`, { method, token: person.token, body, headers })

  async function good(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Json> {
    const answer = await ask(method, path, body, headers)
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.json
  }

  return {
    ...person,
    base,
    ask,
    good,
    add: (content: Json) => good('POST', '/tasks', content),
    read: (id: string) => good('GET', `/tasks/${id}`),
    change: (id: string, change: Json) => good('PATCH', `/tasks/${id}`, change),
    bulk: (changes: Json[]) => ask('PATCH', '/tasks', { changes }),
    addList: (name: string, more: Json = {}) =>
      good('PUT', `/lists/${uuidV7(Date.now())}`, { name, ...more }, { 'If-None-Match': '*' }),
    titles: async (query: string) =>
      ((await good('GET', `/tasks?${query}`)) as Json[]).map(task => task.title),
  }
}

export type Organizer = Awaited<ReturnType<typeof openOrganizer>>

export const fieldsOf = (answer: { json: Json }): string[] =>
  answer.json.errors.map((error: Json) => error.field)

/** Everything of an answer that a client could compare, in order. */
export function visible({
  status,
  headers,
  text,
}: {
  status: number
  headers: globalThis.Headers
  text: string
}) {
  return JSON.stringify([
    status,
    [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'),
    text,
  ])
}
