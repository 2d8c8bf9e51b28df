import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { call, signOut, signUp, tasksOf } from '../../../test/in-process.ts'
import { type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
before(async () => {
  deployment = await deploy({ ACCESS_TOKEN_ALG: 'EdDSA', ACCESS_TOKEN_KEYS: undefined })
})
after(async () => await deployment?.close())

test('under EdDSA the Python API verifies by the issuer’s key set, and refuses after a sign-out', async () => {
  const issuer = { url: deployment.issuerUrl } as never
  const person = await signUp(issuer)
  /** On a busy machine a lease can run out; whoever waits as told is answered. */
  async function ask(token: string) {
    for (;;) {
      const answer = await call(deployment.theirs, 'GET', tasksOf(person), { token })
      if (answer.status !== 503) return answer
      await new Promise(resolve => setTimeout(resolve, 100))
    }
  }
  assert.equal((await ask(person.token)).status, 200)
  const [header, payload, signature = ''] = person.token.split('.')
  const changed = `${signature.slice(0, 20)}${signature[20] === 'A' ? 'B' : 'A'}${signature.slice(21)}`
  assert.equal((await ask(`${header}.${payload}.${changed}`)).status, 401)
  await signOut(issuer, person)
  assert.equal((await ask(person.token)).status, 401)
})
