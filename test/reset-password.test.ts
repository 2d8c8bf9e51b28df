import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { call, PASSWORD, type Product, signIn, signUp, startProduct, tasksOf } from './in-process.ts'

const root = join(import.meta.dirname, '..')

let product: Product
before(async () => {
  product = await startProduct()
})
after(() => product.close())

function resetPassword(email: string) {
  const { adminUrl, issuerUrl } = product.database
  const env = { PATH: process.env.PATH, DATABASE_URL: adminUrl, ISSUER_DATABASE_URL: issuerUrl }
  return promisify(execFile)('node', ['standalone/src/reset-password.ts', email], { cwd: root, env })
}

test('a password reset on the command line opens the account with the new one and ends every session at once', async () => {
  const person = await signUp(product)
  const { stdout } = await resetPassword(person.email.toUpperCase())
  const [, password = ''] = /^The new password is (\S{20,})$/m.exec(stdout) ?? []
  assert.equal((await call(product, 'GET', tasksOf(person), { token: person.token })).status, 401)
  assert.equal((await call(product, 'GET', '/api/auth/token', { cookie: person.cookie })).status, 401)
  await assert.rejects(signIn(product, person.email, PASSWORD), /401/)
  const again = await signIn(product, person.email, password)
  assert.equal((await call(product, 'GET', tasksOf(again), { token: again.token })).status, 200)
})

test('a reset for nobody says so and fails', async () => {
  await assert.rejects(resetPassword('nobody@example.com'), /There is no account with this email/)
})
