import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { HttpError } from '../http.ts'
import type { AccessToken, User } from './issuer.ts'
import { createSession, SessionEnded } from './session.ts'

const ADA: User = { id: 'ada', email: 'ada@example.com', name: 'Ada' }
const BOB: User = { id: 'bob', email: 'bob@example.com', name: 'Bob' }
const CREDENTIALS = { email: 'ada@example.com', password: 'violet otter ladder' }

const channels: BroadcastChannel[] = []
after(() => {
  for (const channel of channels) channel.close()
})

/** One browser: an issuer with a cookie jar, and as many tabs as wanted with real locks and channels between them. */
function openBrowser(cookie: User | null = ADA) {
  const name = `test-${crypto.randomUUID()}`
  const browser = {
    cookie,
    minted: 0,
    cleared: 0,
    now: 0,
    down: null as Error | null,
    mintTime: 5,
    signOutFails: false,
    tab() {
      const channel = new BroadcastChannel(name)
      channels.push(channel)
      return createSession({
        issuer: {
          findSession: async () => {
            if (browser.down) throw browser.down
            return browser.cookie && { user: browser.cookie, sessionId: 's' }
          },
          issueToken: async () => {
            if (browser.down) throw browser.down
            const user = browser.cookie
            await wait(browser.mintTime)
            return user && browser.mint(user)
          },
          signIn: async () => {
            browser.cookie = ADA
            return { user: ADA, token: browser.mint(ADA) }
          },
          signUp: async () => {
            browser.cookie = BOB
            return { user: BOB, token: browser.mint(BOB) }
          },
          signOut: async () => {
            if (browser.signOutFails) throw new HttpError({ status: 503, code: 'busy' })
            browser.cookie = null
            return new Response()
          },
        },
        channel: channel as never,
        locks: {
          request: (lock: string, ...rest: [never, never]) => navigator.locks.request(name + lock, ...rest),
        } as never,
        drafts: { clear: () => void browser.cleared++, keepOnly: () => {} },
        now: () => browser.now,
        wait: ms => wait(ms),
      })
    },
    mint: (user: User): AccessToken => ({
      value: `${user.id}-${++browser.minted}`,
      userId: user.id,
      expiresAt: browser.now + 3_600_000,
    }),
  }
  return browser
}

const settled = () => wait(30)

test('a visitor without a session is signed out, and no token is asked for', async () => {
  const browser = openBrowser(null)
  const tab = browser.tab()
  await tab.start()
  assert.deepEqual(tab.getState(), { status: 'signed-out', departure: 'none', lastUser: null })
  assert.equal(browser.minted, 0)
})

test('no answer at the start is not the same as signed out', async () => {
  const browser = openBrowser()
  browser.down = new HttpError({ status: 0, code: 'unreachable' })
  const tab = browser.tab()
  await tab.start()
  assert.equal(tab.getState().status, 'unreachable')
  browser.down = null
  await tab.start()
  assert.equal(tab.getState().status, 'signed-in')
})

test('any number of waiting calls share one refresh', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.now += 3_600_000
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tab.accessToken('ada')))
  assert.deepEqual(new Set(tokens), new Set(['ada-2']))
})

test('any number of tabs share one refresh', async () => {
  const browser = openBrowser()
  const tabs = Array.from({ length: 5 }, () => browser.tab())
  for (const tab of tabs) await tab.start()
  await settled()
  const stale = await tabs[0]!.accessToken('ada')
  const before = browser.minted
  browser.now += 3_600_000
  const tokens = await Promise.all(tabs.map(tab => tab.accessToken('ada', stale)))
  assert.equal(new Set(tokens).size, 1)
  assert.equal(browser.minted, before + 1)
})

test('a token is renewed a moment before it expires, and kept until then', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.now += 3_594_000
  assert.equal(await tab.accessToken('ada'), 'ada-1')
  browser.now += 2_000
  assert.equal(await tab.accessToken('ada'), 'ada-2')
})

test('a token that the API refused is not handed out again', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  assert.equal(await tab.accessToken('ada', 'ada-1'), 'ada-2')
})

test('a session that ran out signs out, remembers who it was and keeps the drafts', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.cookie = null
  const calls = await Promise.allSettled([tab.accessToken('ada', 'ada-1'), tab.accessToken('ada', 'ada-1')])
  for (const call of calls) assert.ok(call.status === 'rejected' && call.reason instanceof SessionEnded)
  assert.deepEqual(tab.getState(), { status: 'signed-out', departure: 'ended', lastUser: ADA })
  assert.equal(browser.cleared, 0)
})

test('a refresh that meets a dead network fails the call and signs nobody out', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.down = new HttpError({ status: 0, code: 'unreachable' })
  await assert.rejects(tab.accessToken('ada', 'ada-1'), HttpError)
  assert.equal(tab.getState().status, 'signed-in')
})

test('signing out clears the drafts and reaches the other tabs', async () => {
  const browser = openBrowser()
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.start(), two.start()])
  await one.signOut()
  await settled()
  assert.deepEqual(one.getState(), { status: 'signed-out', departure: 'left', lastUser: null })
  assert.deepEqual(two.getState(), { status: 'signed-out', departure: 'left-elsewhere', lastUser: null })
  await assert.rejects(two.accessToken('ada'), SessionEnded)
  assert.equal(browser.cleared, 2)
})

test('a sign-out that fails leaves the person signed in', async () => {
  const browser = openBrowser()
  browser.signOutFails = true
  const tab = browser.tab()
  await tab.start()
  await assert.rejects(tab.signOut(), HttpError)
  assert.equal(tab.getState().status, 'signed-in')
  assert.equal(await tab.accessToken('ada'), 'ada-1')
})

test('a refresh under way during a sign-out brings no one back', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.mintTime = 40
  const call = tab.accessToken('ada', 'ada-1')
  await tab.signOut()
  await assert.rejects(call, SessionEnded)
  assert.equal(tab.getState().status, 'signed-out')
})

test('signing in elsewhere as another person is noticed, and calls of the first one stop', async () => {
  const browser = openBrowser()
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.start(), two.start()])
  await one.signUp(CREDENTIALS)
  await settled()
  assert.deepEqual(two.getState(), { status: 'signed-in', user: BOB, switched: true })
  await assert.rejects(two.accessToken('ada'), SessionEnded)
  assert.match(await two.accessToken('bob'), /^bob-/)
})

test('a cookie of another person is noticed at the next refresh, without any message', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.start()
  browser.cookie = BOB
  await assert.rejects(tab.accessToken('ada', 'ada-1'), SessionEnded)
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: BOB, switched: true })
})

test('signing in wakes a tab that was signed out', async () => {
  const browser = openBrowser(null)
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.start(), two.start()])
  await one.signIn(CREDENTIALS)
  await settled()
  assert.deepEqual(two.getState(), { status: 'signed-in', user: ADA, switched: false })
})
