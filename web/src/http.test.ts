import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf, type HttpError, parseRetryAfter, send } from './http.ts'

const answer = (response: Response) => async () => response

test('Retry-After is read as seconds or as a date, and nothing else', () => {
  const now = Date.parse('2026-11-21T12:00:00Z')
  assert.equal(parseRetryAfter('120', now), 120)
  assert.equal(parseRetryAfter('Sat, 21 Nov 2026 12:00:30 GMT', now), 30)
  assert.equal(parseRetryAfter('Sat, 21 Nov 2026 11:00:00 GMT', now), 0)
  assert.equal(parseRetryAfter('soon', now), undefined)
  assert.equal(parseRetryAfter(null, now), undefined)
})

test("a failure carries the server's code, and survives a body that is none", async () => {
  const refused = answer(Response.json({ code: 'token_expired' }, { status: 401 }))
  await assert.rejects(send(refused, '/'), (error: HttpError) => error.failure.code === 'token_expired')
  const broken = answer(new Response('<h1>Bad Gateway</h1>', { status: 502 }))
  await assert.rejects(send(broken, '/'), (error: HttpError) => error.failure.code === 'unexpected')
})

test('no answer is told apart from a bad one', async () => {
  const dead = async () => {
    throw new TypeError('Failed to fetch')
  }
  await assert.rejects(send(dead, '/'), (error: HttpError) => {
    assert.deepEqual(error.failure, { status: 0, code: 'unreachable' })
    return true
  })
})

test('a request that the page itself gives up is no failure to report', async () => {
  const stop = new AbortController()
  const gaveUp = async () => {
    stop.abort()
    throw new DOMException('stopped', 'AbortError')
  }
  await assert.rejects(send(gaveUp, '/', { signal: stop.signal }), { name: 'AbortError' })
})

test('an error that is none of ours is unexpected', () => {
  assert.deepEqual(failureOf(new RangeError()), { status: 0, code: 'unexpected' })
})
