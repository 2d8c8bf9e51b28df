import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { resignCookies } from './session-cookie.ts'

const NAMES = ['s', 'r']
const OLD = 'old-secret-old-secret-old-secret-old'
const NEW = 'new-secret-new-secret-new-secret-new'

function sign(secret: string, token: string): string {
  const signature = createHmac('sha256', secret).update(token).digest('base64')
  return encodeURIComponent(`${token}.${signature}`)
}

function resigned(cookie: string, secrets = [NEW, OLD]): string | null {
  const headers = new Headers({ cookie })
  resignCookies(headers, NAMES, secrets)
  return headers.get('cookie')
}

test('a cookie signed with an older secret is signed with the first, among others left as they are', () => {
  assert.equal(resigned(`a=1; s=${sign(OLD, 'token')}; b=2`), `a=1; s=${sign(NEW, 'token')}; b=2`)
  assert.equal(
    resigned(`r=${sign(OLD, 'true')};s=${sign(OLD, 't')}`),
    `r=${sign(NEW, 'true')}; s=${sign(NEW, 't')}`,
  )
})

test('a cookie of the first secret, of none, tampered with or malformed stays as it came', () => {
  const tampered = `s=${sign(OLD, 'token').replace('token', 'taken')}`
  const other = `s=${sign('some-other-secret-some-other-secret-', 'token')}`
  const empty = `s=${sign('', 'token')}`
  for (const cookie of [
    `s=${sign(NEW, 't')}`,
    tampered,
    other,
    empty,
    's=%zz',
    's=',
    's=.',
    's=token',
    'ss=x',
    'a',
  ])
    assert.equal(resigned(cookie), cookie)
  assert.equal(resigned(`s=${sign(OLD, 'token')}`, [NEW]), `s=${sign(OLD, 'token')}`)
})
