// The same requests to both APIs, on one database, compared header by header: the Python API answers as ours does.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import { type Person, signUp } from '../../../test/in-process.ts'
import { type Answer, comparable, sendRaw } from './answers.ts'
import { type Deployment, deploy } from './deployment.ts'

export let deployment: Deployment
export let ada: Person
export let bob: Person

before(async () => {
  deployment = await deploy()
  ada = await signUp({ url: deployment.issuerUrl } as never)
  bob = await signUp({ url: deployment.issuerUrl } as never)
})
after(async () => await deployment?.close())

type Fields = Record<string, string>
export interface Sent {
  method?: string
  path?: string
  headers?: Fields
  body?: string | Uint8Array
  token?: string | null
}

export const tasks = () => `/api/${ada.id}/tasks`
export const JSON_TYPE = { 'Content-Type': 'application/json' }

function request({ method = 'GET', path = tasks(), headers = {}, body, token = ada.token }: Sent): Buffer {
  const bytes = body === undefined ? undefined : Buffer.from(body)
  const fields: Fields = {
    Host: 'localhost',
    ...(token !== null && { Authorization: `Bearer ${token}` }),
    ...(bytes && { 'Content-Length': String(bytes.length) }),
    ...headers,
  }
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\r\n`)
  return Buffer.concat([
    Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`),
    bytes ?? Buffer.of(),
  ])
}

export async function ask(which: 'ours' | 'theirs', sent: Sent): Promise<Answer> {
  for (;;) {
    const [answer] = await sendRaw(deployment[which].url, request(sent))
    assert.ok(answer, `${which} gave no answer`)
    // On a busy machine a lease can run out; whoever waits as told is answered.
    if (answer.status !== 503) return answer
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

export async function bothSay(sent: Sent, name = ''): Promise<Answer> {
  const [ours, theirs] = [await ask('ours', sent), await ask('theirs', sent)]
  const about = `${name} ${JSON.stringify({ ...sent, token: undefined }).slice(0, 200)}`
  assert.deepEqual(comparable(theirs), comparable(ours), about)
  return theirs
}

export async function bothSayRaw(sent: string | Uint8Array, answers = 1): Promise<Answer[]> {
  const ours = await sendRaw(deployment.ours.url, sent, answers)
  const theirs = await sendRaw(deployment.theirs.url, sent, answers)
  const about = Buffer.from(sent).toString('latin1').slice(0, 200)
  assert.deepEqual(theirs.map(comparable), ours.map(comparable), about)
  return theirs
}

export async function make(
  which: 'ours' | 'theirs',
  title: string,
): Promise<{ id: string; revision: number }> {
  const { status, body } = await ask(which, {
    method: 'POST',
    headers: JSON_TYPE,
    body: JSON.stringify({ title }),
  })
  assert.equal(status, 201)
  return JSON.parse(body)
}
