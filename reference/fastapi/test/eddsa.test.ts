import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort } from '../../../test/free-port.ts'
import { call, signOut, signUp, tasksOf } from '../../../test/in-process.ts'
import { type Deployment, deploy } from './deployment.ts'

let deployment: Deployment
const metricsPort = await freePort()
before(async () => {
  deployment = await deploy(
    { ACCESS_TOKEN_ALG: 'EdDSA', ACCESS_TOKEN_KEYS: undefined },
    { METRICS_PORT: String(metricsPort) },
  )
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

test('its figures are told at a port of their own', async () => {
  const metrics = { url: `http://127.0.0.1:${metricsPort}` }
  const { text } = await call(metrics, 'GET', '/metrics')
  assert.match(text, /^latchkey_api_revoked_sessions 1$/m)
  assert.match(text, /^latchkey_api_verified_tokens 1$/m)
  assert.match(text, /^latchkey_api_lease_age_seconds \d/m)
  assert.equal((await call(metrics, 'GET', '/')).status, 404)
})
