import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import type { BrowserContext, Page } from 'playwright-core'
import {
  call,
  createTask,
  endSessions,
  PASSWORD,
  type Person,
  signIn,
  signOut,
  signUp,
  startProduct,
  tasksOf,
} from './in-process.ts'
import { box, enter, product, visiting } from './page-visit.ts'

const field = (page: Page) => page.getByLabel('Add a task')
const again = (page: Page) => page.getByRole('dialog', { name: 'Your session has ended' })
const pathOf = (page: Page) => new URL(page.url()).pathname

async function fillInSignIn(page: Page, email: string, password = PASSWORD): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

async function answerAgain(page: Page, password = PASSWORD): Promise<void> {
  await again(page).getByLabel('Password', { exact: true }).fill(password)
  await again(page).getByRole('button', { name: 'Sign in', exact: true }).click()
}

/** On a busy machine a lease can run out: then it is asked again. */
async function list(person: Person, query: string): Promise<{ title: string }[]> {
  for (;;) {
    const { status, body } = await call(product, 'GET', tasksOf(person) + query, { token: person.token })
    if (status === 200) return body
    assert.equal(status, 503)
  }
}

const listTitles = async (person: Person) => (await list(person, '?limit=100')).map(({ title }) => title)

async function untilStored(person: Person, titles: string[]): Promise<void> {
  const wanted = [...titles].sort()
  for (let tries = 0; tries < 200; tries += 1) {
    const found = (await listTitles(person)).sort()
    if (isDeepStrictEqual(found, wanted)) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.deepEqual((await listTitles(person)).sort(), wanted)
}

/** The tab is looked at again. */
const lookAt = (page: Page) => page.evaluate(() => void dispatchEvent(new Event('focus')))

/** The browser's cookie becomes that of another person, and nobody tells the tabs. */
async function becomeSilently(context: BrowserContext, { cookie }: Person): Promise<void> {
  const [name = '', value = ''] = cookie.split(/=(.*)/s)
  const { hostname: domain } = new URL(product.url)
  const secure = name.startsWith('__')
  await context.addCookies([{ name, value, domain, path: '/', httpOnly: true, secure, sameSite: 'Lax' }])
}

test('two tabs with twenty calls and a token that has run out ask for a new one once', {
  timeout: 60_000,
}, async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await context.addInitScript(() => {
      const now = Date.now
      Date.now = () => now() + Number((globalThis as { skew?: number }).skew ?? 0)
    })
    await enter(page, email)
    const other = await context.newPage()
    await other.goto('/')
    await field(other).waitFor()
    const tabs = [page, other]
    const person = await signIn(product, email)

    let asked = 0
    const typed = Promise.withResolvers<void>()
    await context.route('**/api/auth/token', async route => {
      asked += 1
      await typed.promise
      await route.continue()
    })
    for (const tab of tabs) await tab.evaluate(() => Object.assign(globalThis, { skew: 3_600_000 }))
    const titles = tabs.flatMap((_, tab) => Array.from({ length: 10 }, (_, at) => `Tab ${tab} task ${at}`))
    for (const [at, tab] of tabs.entries()) {
      for (const title of titles.slice(at * 10, at * 10 + 10)) {
        await field(tab).fill(title)
        await field(tab).press('Enter')
      }
    }
    typed.resolve()
    await untilStored(person, titles)
    assert.equal(asked, 1)
    assertClean()
  })
})

test('a session that ends while somebody types leaves everything as it is, and lets its owner go on', async () => {
  const person = await signUp(product)
  await createTask(product, person, 'Ticked too late')
  await visiting(async ({ page, assertClean }) => {
    await enter(page, person.email)
    await box(page, 'Ticked too late').waitFor()
    await field(page).fill('Half a thou')
    await endSessions(product, person.email)
    await box(page, 'Ticked too late').check()
    await again(page).waitFor()

    const email = again(page).getByLabel('Email')
    assert.equal(await email.inputValue(), person.email)
    assert.deepEqual(
      await email.evaluate(({ readOnly, autocomplete, type }: HTMLInputElement) => [
        readOnly,
        autocomplete,
        type,
      ]),
      [...[true, 'username', 'email']],
    )
    const password = again(page).getByLabel('Password', { exact: true })
    assert.equal(await password.getAttribute('autocomplete'), 'current-password')
    assert.ok(await password.evaluate(element => element === document.activeElement))

    await answerAgain(page, 'not the password')
    await again(page).getByText('Email or password is not right.').waitFor()
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('Escape')
    assert.ok(await again(page).isVisible())
    await page.evaluate(() => document.querySelector<HTMLElement>('main input')!.focus())
    assert.ok(await page.evaluate(() => document.querySelector('dialog')!.contains(document.activeElement)))

    const path = pathOf(page)
    await answerAgain(page)
    await again(page).waitFor({ state: 'detached' })
    assert.equal(pathOf(page), path)
    assert.equal(await field(page).inputValue(), 'Half a thou')
    assert.ok(await box(page, 'Ticked too late').isChecked())
    await field(page).press('End')
    await field(page).pressSequentially('ght')
    await field(page).press('Enter')
    const back = await signIn(product, person.email)
    await untilStored(back, ['Ticked too late', 'Half a thought'])
    const [done] = await list(back, '?completed=true')
    assert.equal(done?.title, 'Ticked too late')
    assertClean([401])
  })
})

test('a reload while the page waits for its owner leads to sign-in, and back, with all that was not sent', async () => {
  const person = await signUp(product)
  await createTask(product, person, 'Ticked too late')
  await visiting(async ({ page, assertClean }) => {
    await enter(page, person.email)
    const path = pathOf(page)
    await box(page, 'Ticked too late').waitFor()
    await field(page).fill('Still here')
    await endSessions(product, person.email)
    await box(page, 'Ticked too late').check()
    await again(page).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    const sent = page.waitForResponse(answer => answer.request().method() === 'PATCH' && answer.ok())
    await fillInSignIn(page, person.email)
    await sent
    assert.equal(pathOf(page), path)
    assert.equal(await field(page).inputValue(), 'Still here')
    assert.ok(!(await isOpen(person, 'Ticked too late')))
    assertClean([401])
  })
})

test('whoever is not the owner signs out, and leaves nothing behind', async () => {
  const ada = await signUp(product)
  const bob = await signUp(product)
  await createTask(product, ada, 'A secret of Ada')
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, ada.email)
    await box(page, 'A secret of Ada').waitFor()
    await field(page).fill('Another secret of Ada')
    await endSessions(product, ada.email)
    await box(page, 'A secret of Ada').check()
    await again(page).waitFor()
    await again(page).getByRole('button', { name: 'Not you? Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    assert.equal(pathOf(page), '/sign-in')
    assert.equal(await page.evaluate(() => sessionStorage.length), 0)
    assert.deepEqual(await context.cookies(), [])

    await fillInSignIn(page, bob.email)
    await field(page).waitFor()
    await assertNothingOf(page, ada)
    await page.getByRole('heading', { level: 1 }).click()
    await page.keyboard.press('Control+z')
    assert.deepEqual(await listTitles(bob), [])
    assert.ok(await isOpen(ada, 'A secret of Ada'))
    assertClean([401])
  })
})

test('another person who signs in after a reload inherits neither what was typed nor what was not sent', async () => {
  const ada = await signUp(product)
  const bob = await signUp(product)
  await createTask(product, ada, 'A secret of Ada')
  await visiting(async ({ page, assertClean }) => {
    await enter(page, ada.email)
    await box(page, 'A secret of Ada').waitFor()
    await field(page).fill('Another secret of Ada')
    await endSessions(product, ada.email)
    await box(page, 'A secret of Ada').check()
    await again(page).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    await fillInSignIn(page, bob.email)
    await field(page).waitFor()
    await assertNothingOf(page, ada)
    assert.deepEqual(await listTitles(bob), [])
    assert.ok(await isOpen(ada, 'A secret of Ada'))
    assertClean([401])
  })
})

async function assertNothingOf(page: Page, { id }: Person): Promise<void> {
  assert.equal(await field(page).inputValue(), '')
  assert.equal(await box(page, 'A secret of Ada').count(), 0)
  const kept = await page.evaluate(
    () => document.body.innerText + JSON.stringify({ ...sessionStorage, ...localStorage }),
  )
  assert.ok(!kept.includes('secret') && !kept.includes(id))
}

async function isOpen({ email }: Person, title: string): Promise<boolean> {
  const again = await signIn(product, email)
  return (await list(again, '?completed=false')).some(task => task.title === title)
}

test('signing out in one tab reaches one that waits for its owner, and one that sleeps', async () => {
  const person = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, person.email)
    const other = await context.newPage()
    await other.goto('/')
    await field(other).waitFor()
    await endSessions(product, person.email)
    for (const tab of [page, other]) {
      await lookAt(tab)
      await again(tab).waitFor()
    }
    await again(page).getByRole('button', { name: 'Not you? Sign out' }).click()
    await page.getByText('You are signed out.').waitFor()
    await other.getByText('You signed out in another tab.').waitFor()
    assertClean()
  })
})

test('signing in again in one tab opens the others', async () => {
  const person = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, person.email)
    const other = await context.newPage()
    await other.goto('/')
    await field(other).fill('Typed in the other tab')
    await endSessions(product, person.email)
    for (const tab of [page, other]) {
      await lookAt(tab)
      await again(tab).waitFor()
    }
    await answerAgain(page)
    for (const tab of [page, other]) await again(tab).waitFor({ state: 'detached' })
    assert.equal(await field(other).inputValue(), 'Typed in the other tab')
    assertClean()
  })
})

test('a tab that slept while the account was switched shows nothing of the first person once it knows', async () => {
  const ada = await signUp(product)
  const bob = await signUp(product)
  await createTask(product, ada, 'A secret of Ada')
  await createTask(product, bob, 'What Bob does')
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, ada.email)
    await box(page, 'A secret of Ada').waitFor()
    await box(page, 'A secret of Ada').waitFor()
    await field(page).fill('Another secret of Ada')
    await becomeSilently(context, bob)
    const mayGoOn = Promise.withResolvers<void>()
    await context.route('**/api/auth/token', async route => {
      await mayGoOn.promise
      await route.continue()
    })
    const asked = page.waitForRequest('**/api/auth/token')
    await lookAt(page)
    await asked
    assert.ok(!(await page.evaluate(() => document.body.innerText)).includes('secret'))
    mayGoOn.resolve()
    await page.getByText(`You are now signed in as ${bob.email}.`).waitFor()
    await assertNothingOf(page, ada)
    assertClean()
  })
})

test('a page out of the cache of the Back button shows nothing before it is known whose it is', async () => {
  const ada = await signUp(product)
  await createTask(product, ada, 'A secret of Ada')
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, ada.email)
    await box(page, 'A secret of Ada').waitFor()
    const mayGoOn = Promise.withResolvers<void>()
    await context.route('**/api/auth/get-session', async route => {
      await mayGoOn.promise
      await route.continue()
    })
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    assert.ok(!(await page.evaluate(() => document.body.innerText)).includes('secret'))
    mayGoOn.resolve()
    await box(page, 'A secret of Ada').waitFor()
    await signOut(product, { ...ada, cookie: await cookieOf(context) })
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })))
    await again(page).waitFor()
    assertClean()
  })
})

async function cookieOf(context: BrowserContext): Promise<string> {
  const [cookie] = await context.cookies()
  return `${cookie!.name}=${cookie!.value}`
}

test('no network at the start is not signed out: the page says so, and goes on by itself', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, email)
    await context.route('**/api/auth/**', route => route.abort('internetdisconnected'))
    await page.reload()
    await page.getByRole('heading', { name: 'The server cannot be reached' }).waitFor()
    await page.getByText('You have not been signed out.').waitFor()
    assert.notEqual(pathOf(page), '/sign-in')
    await context.unroute('**/api/auth/**')
    await field(page).waitFor()
    assertClean([0])
  })
})

test('a server that asks to wait is waited for at the start, visibly, and then asked again', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, email)
    const times: number[] = []
    await context.route('**/api/auth/get-session', async route => {
      times.push(performance.now())
      if (times.length > 1) return await route.continue()
      await route.fulfill({ status: 503, headers: { 'retry-after': '6' }, json: { code: 'busy' } })
    })
    await page.reload()
    await page.getByRole('heading', { name: 'The server is busy' }).waitFor()
    await page
      .getByRole('timer')
      .filter({ hasText: /in \d seconds?/ })
      .waitFor()
    await field(page).waitFor()
    assert.ok(times[1]! - times[0]! >= 5_900)
    assertClean([503])
  })
})

test('a list that is refused for a while is asked for again when the server said so, by itself', async () => {
  const person = await signUp(product)
  await createTask(product, person, 'Comes a little later')
  await visiting(async ({ page, context, assertClean }) => {
    const times: number[] = []
    await context.route(/\/tasks\?/, async route => {
      times.push(performance.now())
      if (times.length > 1) return await route.continue()
      await route.fulfill({
        status: 429,
        headers: { 'retry-after': '6' },
        json: { code: 'too_many_requests' },
      })
    })
    await page.goto('/sign-in?next=%2Finbox')
    await fillInSignIn(page, person.email)
    await page.getByRole('button', { name: /^Try again in \d seconds?$/ }).waitFor()
    await box(page, 'Comes a little later').waitFor()
    assert.ok(times[1]! - times[0]! >= 5_900)
    assertClean([429])
  })
})

test('too many attempts to sign in: the time left counts down on the button, and another account need not wait', async () => {
  const strict = await startProduct({
    env: { LIMIT_FAILURES_PER_ACCOUNT_AND_ADDRESS: '1', LIMIT_FAILURE_WINDOW: '8' },
  })
  try {
    const { email } = await signUp(strict)
    await visiting(
      async ({ page, assertClean }) => {
        await page.goto('/sign-in')
        await fillInSignIn(page, email, 'not the password')
        await page.getByText('Email or password is not right.').first().waitFor()
        await fillInSignIn(page, email, 'nor this')
        await page
          .getByText(/^Too many attempts\. Try again in \d seconds?\.$/)
          .first()
          .waitFor()
        const waiting = page.getByRole('button', { name: /^Try again in \d seconds?$/ })
        await waiting.waitFor()
        assert.equal(await waiting.getAttribute('aria-disabled'), 'true')
        await page.getByLabel('Email').fill('somebody.else@example.com')
        await page.getByRole('button', { name: 'Sign in' }).waitFor()
        await page.getByLabel('Email').fill(email)
        await fillInSignIn(page, email, 'nor that')
        await waiting.waitFor()
        await page.getByRole('button', { name: 'Sign in' }).waitFor()
        assert.equal(await page.getByText('Too many attempts').count(), 0)
        await fillInSignIn(page, email)
        await field(page).waitFor()
        assertClean([401, 429])
      },
      undefined,
      strict,
    )
  } finally {
    await strict.close()
  }
})

test("a visitor's console is clean: no error, and no request that fails", () =>
  visiting(async ({ page, context, assertClean }) => {
    const failed: string[] = []
    context.on('requestfailed', request => {
      // What is under way when the page is left is aborted, and no failure.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') failed.push(request.url())
    })
    context.on('response', answer => {
      if (answer.status() >= 400) failed.push(`${answer.status()} ${answer.url()}`)
    })
    for (const path of ['/', '/sign-in', '/sign-up', '/tasks', '/account']) {
      await page.goto(path)
      await page.getByLabel('Email').waitFor()
      await Promise.all([page.waitForResponse('**/get-session'), lookAt(page)])
    }
    assert.deepEqual(failed, [])
    assertClean()
  }))
