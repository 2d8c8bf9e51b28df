// A process that gets too little of its machine, which is what being late with its timers means.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Account, signUp } from './account.ts'
import { call, tasksOf } from './in-process.ts'
import type { Product } from './product.ts'
import { type Servers, startServers } from './servers.ts'

let servers: Servers
before(async () => {
  servers = await startServers({ issuers: 1, apis: 1 })
})
after(() => servers.close())

/** Longer than a server may be late, and shorter than a lease. */
const STALL_MS = 800

async function stall(server: Product): Promise<void> {
  server.kill('SIGSTOP')
  await sleep(STALL_MS)
  server.kill('SIGCONT')
}

/** What a crowd is told that has been waiting at the door of a server while it stood still. */
async function crowdAfterStall(server: Product, ask: () => Promise<Answer>): Promise<Answer[]> {
  const standing = stall(server)
  await sleep(STALL_MS / 2)
  const answers: Promise<Answer>[] = Array.from({ length: 20 }, ask)
  await standing
  // The moment in which it knows how late it is passes soon.
  for (let wave = 0; wave < 10; wave += 1) {
    answers.push(...Array.from({ length: 5 }, ask))
    await sleep(4)
  }
  return await Promise.all(answers)
}

type Answer = Awaited<ReturnType<typeof call>>

/** `hasShed` tells from its log or its answers whether it was for this that it refused. */
async function expectShed(
  server: Product,
  ask: () => Promise<Answer>,
  hasShed: (refused: Answer[]) => boolean,
): Promise<void> {
  const refused: Answer[] = []
  for (let round = 0; round < 30 && !hasShed(refused); round += 1) {
    const answers = await crowdAfterStall(server, ask)
    for (const { status } of answers) assert.ok(status === 200 || status === 503, String(status))
    refused.push(...answers.filter(({ status }) => status === 503))
  }
  assert.ok(hasShed(refused), 'nothing was refused')
  for (const { headers } of refused) assert.equal(headers.get('retry-after'), '1')
  let status = 0
  for (const end = Date.now() + 30_000; status !== 200 && Date.now() < end; await sleep(20))
    status = (await ask()).status
  assert.equal(status, 200)
}

test('an API that is late with its timers refuses the excess, and is itself again at once', async () => {
  const [api] = servers.apis as [Product]
  const person = await signUp(servers.issuerUrl)
  const hasShed = () => api.log().includes('"event":"load_shed","reason":"event_loop"')
  await expectShed(api, () => list(api, person), hasShed)
  await stall(api)
  assert.equal((await call(api, 'GET', tasksOf(person), { token: 'a.b.c' })).status, 401)
})

test('an issuer that is late with its timers refuses the excess, and never a sign-out', async () => {
  const [issuer] = servers.issuers as [Product]
  const person = await signUp(servers.issuerUrl)
  const { cookie } = person
  const refresh = () => call(issuer, 'GET', '/api/auth/token', { cookie })
  await expectShed(issuer, refresh, refused => refused.length > 0)
  const headers = { origin: servers.issuerUrl }
  const crowd = crowdAfterStall(issuer, () => call(issuer, 'GET', '/api/auth/token'))
  await sleep(STALL_MS / 2)
  const signOut = await call(issuer, 'POST', '/api/auth/sign-out', { cookie, body: {}, headers })
  assert.equal(signOut.status, 200)
  await crowd
})

const list = (api: Product, person: Account) => call(api, 'GET', tasksOf(person), { token: person.token })
