import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Request } from 'playwright-core'
import { visit } from './browser.ts'
import {
  call,
  createTask,
  endSessions,
  PASSWORD,
  signIn,
  signUp,
  startProduct,
  tasksOf,
} from './in-process.ts'
import { assertAccessible, browser, enter, product, visiting } from './page-visit.ts'

async function fillIn(page: Page, email: string, password: string, button: string): Promise<void> {
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: button }).click()
}

async function addTask(page: Page, title: string): Promise<void> {
  await page.getByLabel('Add a task').fill(title)
  await page.keyboard.press('Enter')
  await page.getByRole('checkbox', { name: title }).waitFor()
}

test('US1.1 FR-001 FR-003 SC-001: a person signs up, is told what is wrong before anything is sent, and is in', () =>
  visiting(async ({ page, assertClean }) => {
    const began = Date.now()
    const sent: string[] = []
    page.on('request', request => {
      if (request.method() === 'POST') sent.push(request.url())
    })
    await page.goto('/sign-up')
    await fillIn(page, 'not an address', 'short', 'Create account')
    await page.getByText('Use at least 12 characters.').first().waitFor()
    await page.getByText('Enter an email address like name@example.com.').first().waitFor()
    assert.deepEqual(sent, [])
    await fillIn(page, 'ada@example.com', PASSWORD, 'Create account')
    await page.getByLabel('Add a task').waitFor()
    assert.equal(new URL(page.url()).pathname, '/today')
    assert.ok(Date.now() - began < 120_000)
    assertClean()
  }))

test('US1.2 FR-002 SC-002: a person signs in within seconds and is at their tasks', async () => {
  const person = await signUp(product)
  const overdue = { title: 'Water the plants', due: '2020-02-29' }
  await call(product, 'POST', tasksOf(person), { token: person.token, body: overdue })
  await visiting(async ({ page, assertClean }) => {
    const began = Date.now()
    await page.goto('/sign-in')
    await fillIn(page, person.email, PASSWORD, 'Sign in')
    await page.getByRole('checkbox', { name: 'Water the plants' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/today')
    assert.ok(Date.now() - began < 10_000)
    assertClean()
  })
})

test('US1.3 FR-006: wrong credentials are said in plain words, and the page stays on sign-in', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await page.goto('/sign-in')
    await fillIn(page, email, 'not the password', 'Sign in')
    await page.getByText('Email or password is not right.').first().waitFor()
    assert.equal(new URL(page.url()).pathname, '/sign-in')
    assert.equal(await page.getByLabel('Email').inputValue(), email)
    assertClean([401])
  })
})

test('US1.4 FR-006: a taken email is said plainly', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await page.goto('/sign-up')
    await fillIn(page, email, PASSWORD, 'Create account')
    await page.getByText('There is already an account with this email. Sign in instead.').first().waitFor()
    assert.equal(new URL(page.url()).pathname, '/sign-up')
    assertClean([422])
  })
})

test('a guarded page asks to sign in first and comes back', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await page.goto('/account')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    assert.match(page.url(), /\/sign-in\?next=%2Faccount$/)
    await fillIn(page, email, PASSWORD, 'Sign in')
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor()
    assertClean()
  })
})

test('tasks are added, changed, ticked, deleted and brought back, and are there after a reload', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await enter(page, email)
    await addTask(page, 'Buy bread')
    await addTask(page, 'Call the dentist')
    await page.getByRole('button', { name: 'Open Call the dentist' }).click()
    await page.getByLabel('Title').fill('Call the dentist at nine')
    await page.getByLabel('Description').fill('Ask about Friday')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('checkbox', { name: 'Call the dentist at nine' }).waitFor()
    await page.getByRole('button', { name: 'More for Buy bread' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('checkbox', { name: 'Buy bread' }).waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('checkbox', { name: 'Buy bread' }).check()
    await page.getByText('Not saved yet').waitFor({ state: 'detached' })
    await page.reload()
    await page.getByRole('checkbox', { name: 'Call the dentist at nine' }).waitFor()
    assert.equal(await page.getByRole('checkbox', { name: 'Buy bread' }).count(), 0)
    await page.goto('/done')
    assert.equal(await page.getByRole('checkbox', { name: 'Buy bread' }).isChecked(), true)
    assertClean()
  })
})

test('FR-004 FR-005: the token is in memory only, and every call to the API carries it and no cookie', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    const calls: Request[] = []
    page.on('request', request => {
      const { pathname } = new URL(request.url())
      if (/^\/api\/(?!auth\/)/.test(pathname)) calls.push(request)
    })
    await enter(page, email)
    await addTask(page, 'Nothing is stored')
    const headers = await Promise.all(calls.map(call => call.allHeaders()))
    assert.ok(headers.length >= 2)
    for (const { authorization, cookie } of headers) {
      assert.match(authorization ?? '', /^Bearer eyJ/)
      assert.equal(cookie, undefined)
    }
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    )
    assert.ok(!stored.includes('eyJ'))
    assert.equal(await page.evaluate(() => document.cookie), '')
    assert.ok((await context.cookies()).every(cookie => cookie.httpOnly))
    assertClean()
  })
})

test('US3.1: an access token that runs out is renewed without anybody noticing', async () => {
  const brief = await startProduct({ env: { ACCESS_TOKEN_TTL: '6' } })
  const { email } = await signUp(brief)
  const there = await visit(browser, brief)
  try {
    await enter(there.page, email)
    await addTask(there.page, 'Before it ran out')
    await there.page.waitForTimeout(7_000)
    const stored = there.page.waitForResponse(answer => answer.status() === 201)
    await addTask(there.page, 'After it ran out')
    await stored
    await there.page.reload()
    await there.page.getByRole('checkbox', { name: 'After it ran out' }).waitFor()
    assert.equal(new URL(there.page.url()).pathname, '/inbox')
    there.assertClean()
  } finally {
    await there.close()
    await brief.close()
  }
})

test('US3.1: a token the API refuses is replaced once, and the call completes', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await enter(page, email)
    let spoiled = 0
    await page.route(/\/api\/[^/]+\/tasks\/[^/]+$/, async route => {
      const { authorization = '' } = route.request().headers()
      if (route.request().method() !== 'PUT' || spoiled++ > 0) return await route.continue()
      await route.continue({ headers: { ...route.request().headers(), authorization: `${authorization}x` } })
    })
    const stored = page.waitForResponse(answer => answer.status() === 201)
    await addTask(page, 'Went through at the second try')
    await stored
    await page.reload()
    await page.getByRole('checkbox', { name: 'Went through at the second try' }).waitFor()
    assert.equal(spoiled, 2)
    assertClean([401])
  })
})

test('US3.2: when the session has ended too, the page asks to sign in, and says why', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, assertClean }) => {
    await enter(page, email)
    await endSessions(product, email)
    await page.getByLabel('Add a task').fill('Typed into a dead session')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/sign-in')
    assertClean([401])
  })
})

test('FR-007 US3.3: sign-out clears what was stored, reaches the other tab, and the token is dead', async () => {
  const { email } = await signUp(product)
  await visiting(async ({ page, context, assertClean }) => {
    await enter(page, email)
    const [request] = await Promise.all([
      page.waitForRequest(request => request.method() === 'PUT'),
      addTask(page, 'The last one'),
    ])
    const { authorization = '' } = request.headers()
    const token = authorization.slice('Bearer '.length)
    const other = await context.newPage()
    await other.goto('/inbox')
    await other.getByLabel('Add a task').fill('a draft')
    await page.getByRole('button', { name: 'Sign out' }).first().click()
    await page.getByText('You are signed out.').waitFor()
    await other.getByText('You signed out in another tab.').waitFor()
    const path = new URL(request.url()).pathname
    assert.equal((await call(product, 'GET', path, { token })).status, 401)
    assert.deepEqual(await context.cookies(), [])
    assert.equal(await other.evaluate(() => sessionStorage.length), 0)
    await page.goto('/tasks')
    await page.getByRole('button', { name: 'Sign in' }).waitFor()
    assertClean()
  })
})

test('another device is ended from the account page', async () => {
  const phone = await signUp(product)
  const laptop = await signIn(product, phone.email)
  await visiting(async ({ page, assertClean }) => {
    await page.goto('/account')
    await fillIn(page, phone.email, PASSWORD, 'Sign in')
    await page.getByRole('button', { name: 'End all other sessions' }).click()
    await page.getByText('All other sessions are ended.').waitFor()
    for (const device of [phone, laptop])
      assert.equal((await call(product, 'GET', tasksOf(device), { token: device.token })).status, 401)
    assertClean()
  })
})

test('a double click signs up once', () =>
  visiting(async ({ page, assertClean }) => {
    let posts = 0
    page.on('request', request => {
      if (request.url().endsWith('/sign-up/email')) posts += 1
    })
    await page.goto('/sign-up')
    await page.getByLabel('Email').fill('double@example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).dblclick()
    await page.getByLabel('Add a task').waitFor()
    assert.equal(posts, 1)
    assertClean()
  }))

test('the whole way works from the keyboard alone, at 320 px, without sideways scrolling', () =>
  visiting(
    async ({ page, assertClean }) => {
      const fits = () => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)
      const focus = async (name: string) => {
        for (let presses = 0; presses < 40; presses += 1) {
          const focused = await page.evaluate(() => {
            const element = document.activeElement
            const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : []
            return (
              element?.getAttribute('aria-label') ?? (labels[0]?.textContent || element?.textContent) ?? ''
            )
          })
          if (focused.trim() === name) return
          await page.keyboard.press('Tab')
        }
        assert.fail(`Tab does not reach ${name}`)
      }
      await page.goto('/sign-up')
      await page.getByRole('heading', { level: 1 }).waitFor()
      assert.ok(await fits())
      await focus('Email')
      await page.keyboard.type('keyboard@example.com')
      await focus('Password')
      await page.keyboard.type(PASSWORD)
      await page.keyboard.press('Enter')
      await page.getByLabel('Add a task').waitFor()
      await page.getByLabel('Add a task').focus()
      await page.keyboard.type(`A task whose title is long: ${'word '.repeat(30)}`)
      await page.keyboard.press('Enter')
      await page.getByRole('checkbox').waitFor()
      await page.getByRole('checkbox').focus()
      await page.keyboard.press('Space')
      await page.waitForFunction(
        () => document.querySelector<HTMLInputElement>('input[type=checkbox]')?.checked,
      )
      assert.ok(await fits())
      assertClean()
    },
    { width: 320, height: 640 },
  ))

test('no state of the page has an accessibility violation axe can find', async () => {
  const person = await signUp(product)
  await createTask(product, person, 'Be accessible')
  await visiting(async ({ page, assertClean }) => {
    for (const path of ['/sign-in', '/sign-up']) {
      await page.goto(path)
      await page.getByLabel('Email').waitFor()
      await assertAccessible(page, path)
    }
    await enter(page, person.email)
    await page.getByRole('checkbox').waitFor()
    await assertAccessible(page, '/inbox')
    await page.getByRole('button', { name: 'Open Be accessible' }).click()
    await page.getByLabel('Title').waitFor()
    await assertAccessible(page, 'editing')
    await page.keyboard.press('Escape')
    await page.goto('/account')
    await page.getByRole('heading', { name: 'Devices' }).waitFor()
    await assertAccessible(page, '/account')
    assertClean()
  })
})
