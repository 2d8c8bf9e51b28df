import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browserFetch } from './early.ts'

const CONFIG = '/config.json'

/** The page's code arrives, and this has been asked for; what the browser answers from then on says so. */
function arrive(config: Promise<Response | null>): string[] {
  const made: string[] = []
  const fetch = async (path: string) => {
    made.push(path)
    return new Response('asked again')
  }
  Object.assign(globalThis, { fetch, window: { latchkeyAsked: { [CONFIG]: config } } })
  return made
}

const read = async (path: string, init?: RequestInit) => await (await browserFetch(path, init)).text()

test('what was asked for early serves once', async () => {
  const made = arrive(Promise.resolve(new Response('early')))
  assert.equal(await read(CONFIG), 'early')
  assert.deepEqual(made, [])
  assert.equal(await read(CONFIG), 'asked again')
  assert.deepEqual(made, [CONFIG])
})

test('what was not asked for early is asked for', async () => {
  const made = arrive(Promise.resolve(new Response('early')))
  assert.equal(await read('/api/auth/token'), 'asked again')
  assert.deepEqual(made, ['/api/auth/token'])
})

test('where no answer came, it is asked for again', async () => {
  const made = arrive(Promise.resolve(null))
  assert.equal(await read(CONFIG), 'asked again')
  assert.deepEqual(made, [CONFIG])
})

test('an answer that does not come is waited for only as long as a request of its own would be', async () => {
  const made = arrive(new Promise(() => {}))
  const limit = new AbortController()
  const waiting = read(CONFIG, { signal: limit.signal })
  limit.abort()
  assert.equal(await waiting, 'asked again')
  assert.deepEqual(made, [CONFIG])
})
