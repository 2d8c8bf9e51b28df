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
    accountOfAda: ADA,
    minted: 0,
    cleared: 0,
    now: 0,
    down: null as Error | null,
    /** From this question about the session on, none is answered. */
    failsFrom: Number.POSITIVE_INFINITY,
    asked: 0,
    mintTime: 5,
    signOutFails: false,
    tab() {
      const channel = new BroadcastChannel(name)
      channels.push(channel)
      return createSession({
        issuer: {
          findSession: async () => {
            browser.asked++
            if (browser.down) throw browser.down
            if (browser.asked >= browser.failsFrom) throw new HttpError({ status: 0, code: 'unreachable' })
            return browser.cookie && { user: browser.cookie, sessionId: 's' }
          },
          issueToken: async () => {
            if (browser.down) throw browser.down
            const user = browser.cookie
            await wait(browser.mintTime)
            return user && browser.mint(user)
          },
          signIn: async () => {
            browser.cookie = browser.accountOfAda
            return { user: browser.cookie, token: browser.mint(browser.cookie) }
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
  await tab.look()
  assert.deepEqual(tab.getState(), { status: 'signed-out', departure: 'none' })
  assert.equal(browser.minted, 0)
})

test('no answer at the start is not the same as signed out', async () => {
  const browser = openBrowser()
  browser.down = new HttpError({ status: 0, code: 'unreachable' })
  const tab = browser.tab()
  await tab.look()
  assert.equal(tab.getState().status, 'unreachable')
  browser.down = null
  await tab.look()
  assert.equal(tab.getState().status, 'signed-in')
})

test('any number of waiting calls share one refresh', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.now += 3_600_000
  const tokens = await Promise.all(Array.from({ length: 20 }, () => tab.accessToken('ada')))
  assert.deepEqual(new Set(tokens), new Set(['ada-2']))
})

test('any number of tabs share one refresh', async () => {
  const browser = openBrowser()
  const tabs = Array.from({ length: 5 }, () => browser.tab())
  for (const tab of tabs) await tab.look()
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
  await tab.look()
  browser.now += 3_594_000
  assert.equal(await tab.accessToken('ada'), 'ada-1')
  browser.now += 2_000
  assert.equal(await tab.accessToken('ada'), 'ada-2')
})

test('a token that the API refused is not handed out again', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  assert.equal(await tab.accessToken('ada', 'ada-1'), 'ada-2')
})

const unsettled = (promise: Promise<unknown>) =>
  Promise.race([promise.then(() => false), settled().then(() => true)])

test('calls that meet a dead session wait, and finish once its owner has signed in again', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = null
  const calls = Promise.all([tab.accessToken('ada', 'ada-1'), tab.accessToken('ada', 'ada-1')])
  assert.ok(await unsettled(calls))
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: ADA, switched: false, ended: true })
  const late = tab.accessToken('ada')
  await tab.signInAgain('violet otter ladder')
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: ADA, switched: false, ended: false })
  assert.deepEqual([...(await calls), await late], ['ada-2', 'ada-2', 'ada-2'])
  assert.equal(browser.cleared, 0)
})

test('a call that only the cookie vouches for waits as well, and is made once more', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = null
  let asked = 0
  const call = tab.withCookie(async () => {
    asked++
    if (!browser.cookie) throw new HttpError({ status: 401, code: 'UNAUTHORIZED' })
    return 'devices'
  })
  assert.ok(await unsettled(call))
  await tab.signInAgain('violet otter ladder')
  assert.equal(await call, 'devices')
  assert.equal(asked, 2)
})

test('a dead session can be left even when the server does not answer, and what waited is given up', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = null
  const call = assert.rejects(tab.accessToken('ada', 'ada-1'), SessionEnded)
  await settled()
  browser.signOutFails = true
  await tab.signOut()
  await call
  assert.deepEqual(tab.getState(), { status: 'signed-out', departure: 'left' })
  assert.equal(browser.cleared, 1)
})

test('signing in again in one tab opens the others of the same person', async () => {
  const browser = openBrowser()
  const tabs = [browser.tab(), browser.tab()]
  for (const tab of tabs) await tab.look()
  browser.cookie = null
  const calls = Promise.all(tabs.map(async tab => tab.accessToken('ada', await tab.accessToken('ada'))))
  assert.ok(await unsettled(calls))
  await tabs[0]!.signInAgain('violet otter ladder')
  assert.equal(new Set(await calls).size, 1)
  for (const tab of tabs) assert.deepEqual(tab.getState(), { ...tab.getState(), ended: false })
})

test('an e-mail that belongs to another account by now lets nobody into what is there', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = null
  const call = assert.rejects(tab.accessToken('ada', 'ada-1'), SessionEnded)
  await settled()
  browser.accountOfAda = { ...BOB, email: ADA.email }
  await tab.signInAgain('violet otter ladder')
  await call
  assert.deepEqual(tab.getState(), {
    ...{ status: 'signed-in', user: browser.accountOfAda, switched: true, ended: false },
  })
})

test('a page that begins without a session keeps what was typed before the reload', async () => {
  const browser = openBrowser(null)
  await browser.tab().look()
  assert.equal(browser.cleared, 0)
})

test('a tab that slept through a sign-out waits for its owner; without a network it stays as it is', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.down = new HttpError({ status: 0, code: 'unreachable' })
  await tab.look()
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: ADA, switched: false, ended: false })
  browser.down = null
  browser.cookie = null
  await tab.look()
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: ADA, switched: false, ended: true })
})

test('a tab that slept through a change of person shows nothing of the first from the moment it notices', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = BOB
  const shown: string[] = []
  tab.subscribe(() => {
    const state = tab.getState()
    shown.push(state.status === 'signed-in' ? state.user.id : state.status)
  })
  await tab.look()
  assert.deepEqual(shown, ['starting', 'bob'])
})

test('a change of person that meets a dead network half-way shows nothing, says so and goes on later', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = BOB
  browser.failsFrom = 3
  await tab.look()
  assert.equal(tab.getState().status, 'unreachable')
  browser.failsFrom = Number.POSITIVE_INFINITY
  await tab.look()
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: BOB, switched: true, ended: false })
})

test('looking at a tab mints nothing while all is as it was', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  await Promise.all([tab.look(), tab.look()])
  assert.equal(browser.minted, 1)
})

test('a refresh that meets a dead network fails the call and signs nobody out', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.down = new HttpError({ status: 0, code: 'unreachable' })
  await assert.rejects(tab.accessToken('ada', 'ada-1'), HttpError)
  assert.equal(tab.getState().status, 'signed-in')
})

test('signing out clears the drafts and reaches the other tabs', async () => {
  const browser = openBrowser()
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.look(), two.look()])
  await one.signOut()
  await settled()
  assert.deepEqual(one.getState(), { status: 'signed-out', departure: 'left' })
  assert.deepEqual(two.getState(), { status: 'signed-out', departure: 'left-elsewhere' })
  await assert.rejects(two.accessToken('ada'), SessionEnded)
  assert.equal(browser.cleared, 2)
})

test('a sign-out that fails leaves the person signed in', async () => {
  const browser = openBrowser()
  browser.signOutFails = true
  const tab = browser.tab()
  await tab.look()
  await assert.rejects(tab.signOut(), HttpError)
  assert.equal(tab.getState().status, 'signed-in')
  assert.equal(await tab.accessToken('ada'), 'ada-1')
})

test('a refresh under way during a sign-out brings no one back', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.mintTime = 40
  const call = tab.accessToken('ada', 'ada-1')
  await tab.signOut()
  await assert.rejects(call, SessionEnded)
  assert.equal(tab.getState().status, 'signed-out')
})

test('signing in elsewhere as another person is noticed, and calls of the first one stop', async () => {
  const browser = openBrowser()
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.look(), two.look()])
  const shown: string[] = []
  two.subscribe(() => shown.push(two.getState().status))
  await one.signUp(CREDENTIALS)
  await settled()
  assert.deepEqual(shown, ['starting', 'signed-in'])
  assert.deepEqual(two.getState(), { status: 'signed-in', user: BOB, switched: true, ended: false })
  await assert.rejects(two.accessToken('ada'), SessionEnded)
  assert.match(await two.accessToken('bob'), /^bob-/)
})

test('a cookie of another person is noticed at the next refresh, without any message', async () => {
  const browser = openBrowser()
  const tab = browser.tab()
  await tab.look()
  browser.cookie = BOB
  await assert.rejects(tab.accessToken('ada', 'ada-1'), SessionEnded)
  await settled()
  assert.deepEqual(tab.getState(), { status: 'signed-in', user: BOB, switched: true, ended: false })
})

test('signing in wakes a tab that was signed out', async () => {
  const browser = openBrowser(null)
  const [one, two] = [browser.tab(), browser.tab()]
  await Promise.all([one.look(), two.look()])
  await one.signIn(CREDENTIALS)
  await settled()
  assert.deepEqual(two.getState(), { status: 'signed-in', user: ADA, switched: false, ended: false })
})
