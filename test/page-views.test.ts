// Every view: what it shows, how it is reached, and how rows come and go.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { type Visit, visit } from './browser.ts'
import { call, PASSWORD, type Person, signUp, startProduct } from './in-process.ts'
import { box, browser, enter, post, product, visiting } from './page-visit.ts'

type Size = { width: number; height: number }

/** Somebody new, at Today, with these tasks. */
async function atToday(
  work: (there: Visit, person: Person) => Promise<void>,
  seed: object[] = [],
  size?: Size,
) {
  const person = await signUp(product)
  for (const task of seed) await post(person, task)
  await visiting(async there => {
    await enter(there.page, person.email, '/today')
    await work(there, person)
  }, size)
}

/** The same as the page in the browser says it: tests run on one machine. */
function day(offset: number): string {
  const date = new Date()
  date.setDate(date.getDate() + offset)
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()]
    .map(n => String(n).padStart(2, '0'))
    .join('-')
}

const titles = (page: Page, list: string | RegExp) =>
  page.getByRole('list', { name: list }).locator('.row-title').allTextContents()
const go = async (page: Page, place: string) => {
  await page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: place }).click()
  await page.getByRole('heading', { level: 1, name: place }).waitFor()
}

test('Today shows what is overdue on top, and nothing that comes later', () =>
  atToday(
    async ({ page, assertClean }) => {
      await box(page, 'Late').waitFor()
      assert.deepEqual(await titles(page, 'Overdue'), ['Late'])
      assert.deepEqual(await titles(page, 'Today'), ['Now'])
      assert.equal(await box(page, 'Later').count(), 0)
      await page.getByRole('heading', { name: 'Overdue', level: 2 }).waitFor()
      await page
        .getByRole('link', { name: /^Today/ })
        .getByText('2', { exact: true })
        .waitFor()
      assertClean()
    },
    [
      { title: 'Late', due: day(-1) },
      { title: 'Now', due: day(0) },
      { title: 'Later', due: day(1) },
    ],
  ))

test('Upcoming is grouped by day', () =>
  atToday(
    async ({ page, assertClean }) => {
      await go(page, 'Upcoming')
      await box(page, 'In a week').waitFor()
      assert.deepEqual(await titles(page, /^Tomorrow/), ['First', 'Second'])
      assert.equal(await page.getByRole('heading', { level: 2 }).filter({ hasText: /\d/ }).count(), 2)
      assertClean()
    },
    [
      { title: 'First', due: day(1) },
      { title: 'Second', due: day(1) },
      { title: 'In a week', due: day(7) },
      { title: 'Now', due: day(0) },
    ],
  ))

test('what is ticked stays, struck through, until the view is left; then it is in Done', () =>
  atToday(
    async ({ page, assertClean }) => {
      await go(page, 'Inbox')
      await box(page, 'One').check()
      await page.getByText('Task completed').waitFor()
      await page.getByText('Not saved yet').waitFor({ state: 'detached' })
      assert.deepEqual(await titles(page, 'Inbox'), ['One', 'Two'])
      assert.equal(await box(page, 'One').isChecked(), true)
      await go(page, 'Done')
      await box(page, 'One').waitFor()
      assert.deepEqual(await titles(page, /^Today/), ['One'])
      await go(page, 'Inbox')
      await box(page, 'Two').waitFor()
      assert.deepEqual(await titles(page, 'Inbox'), ['Two'])
      assertClean()
    },
    [{ title: 'One' }, { title: 'Two' }],
  ))

test('a list and a tag have views of their own, and what is added there belongs there', () =>
  atToday(async ({ page, assertClean }, person) => {
    const list = '01938d9e-0000-7000-8000-000000000001'
    const made = await call(product, 'PUT', `/api/${person.id}/lists/${list}`, {
      token: person.token,
      body: { name: 'Garden', color: 'green' },
      headers: { 'if-none-match': '*' },
    })
    assert.equal(made.status, 201)
    await post(person, { title: 'Rake', list, tags: ['autumn'] })
    await page.reload()
    await go(page, 'Garden')
    await box(page, 'Rake').waitFor()
    await page.getByLabel('Add a task').fill('Sow')
    await page.keyboard.press('Enter')
    await box(page, 'Sow').waitFor()
    await go(page, '#autumn')
    await box(page, 'Rake').waitFor()
    assert.equal(await box(page, 'Sow').count(), 0)
    await page.getByRole('listitem').filter({ hasText: 'Rake' }).getByText('Garden').waitFor()
    await page.goto(`/lists/${list}`)
    await box(page, 'Sow').waitFor()
    assertClean()
  }))

test('Trash gives back what was deleted', () =>
  atToday(
    async ({ page, assertClean }) => {
      await go(page, 'Inbox')
      await page.getByRole('button', { name: 'More for Precious' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await page.getByText('An empty inbox').waitFor()
      await go(page, 'Trash')
      await page.getByRole('button', { name: 'Restore Precious' }).click()
      await page.getByText('The trash is empty').waitFor()
      await go(page, 'Inbox')
      await box(page, 'Precious').waitFor()
      assertClean()
    },
    [{ title: 'Precious' }],
  ))

test('search finds by the beginning of a word, and is part of the address', () =>
  atToday(
    async ({ page, assertClean }) => {
      await page.goto('/search')
      await page.getByLabel('Search all tasks').fill('gard')
      await box(page, 'Water the garden').waitFor()
      assert.equal(await box(page, 'Buy bread').count(), 0)
      assert.equal(new URL(page.url()).search, '?q=gard')
      await page.getByLabel('Search all tasks').fill('nothing like it')
      await page.getByText('Nothing found').waitFor()
      assertClean()
    },
    [{ title: 'Water the garden' }, { title: 'Buy bread' }],
  ))

test('a long list loads page by page while one scrolls, and draws only what is near', async () => {
  const person = await signUp(product)
  const made = Array.from({ length: 250 }, (_, at) => `Task ${String(at + 1).padStart(3, '0')}`)
  for (const title of made) await post(person, { title })
  const there = await visit(browser, product)
  const { page } = there
  try {
    await enter(page, person.email, '/today')
    await go(page, 'Inbox')
    await box(page, 'Task 001').waitFor()
    assert.ok((await page.getByRole('listitem').count()) < 60)
    await box(page, 'Task 001').focus()
    for (let tries = 0; tries < 100 && (await box(page, 'Task 250').count()) === 0; tries += 1) {
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
      await page.waitForTimeout(50)
    }
    await box(page, 'Task 250').waitFor()
    assert.ok((await page.getByRole('listitem').count()) < 60)
    const last = page.getByRole('listitem').filter({ has: box(page, 'Task 250') })
    assert.equal(await last.getAttribute('aria-posinset'), '250')
    assert.equal(await last.getAttribute('aria-setsize'), '250')
    // The row that has the focus stays, however far away it is.
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Task 001')
    there.assertClean()
  } finally {
    await there.close()
  }
})

test('the list is walked by keys, and the focus goes to the neighbour of a row that leaves', () =>
  atToday(
    async ({ page, assertClean }) => {
      const isFocused = (title: string) =>
        page.waitForFunction(
          title =>
            document.activeElement?.closest('[data-task]')?.querySelector('.row-title')?.textContent ===
            title,
          title,
        )
      await go(page, 'Inbox')
      await box(page, 'A').waitFor()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      await isFocused('B')
      await page.keyboard.press('#')
      await box(page, 'B').waitFor({ state: 'detached' })
      await isFocused('C')
      await page.keyboard.press('k')
      await isFocused('A')
      await page.keyboard.press('x')
      assert.equal(await box(page, 'A').isChecked(), true)
      await page.keyboard.press('Control+z')
      assert.equal(await box(page, 'A').isChecked(), false)
      await page.keyboard.press('Control+z')
      await box(page, 'B').waitFor()
      assertClean()
    },
    [{ title: 'A' }, { title: 'B' }, { title: 'C' }],
  ))

test('undo works by Ctrl+Z after the toast has gone', () =>
  atToday(
    async ({ page, assertClean }) => {
      await go(page, 'Inbox')
      await box(page, 'Keep me').check()
      await page.getByRole('button', { name: 'Dismiss' }).click()
      await page.getByText('Task completed').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+z')
      await page.waitForFunction(
        () => !document.querySelector<HTMLInputElement>('[data-task] input')?.checked,
      )
      assertClean()
    },
    [{ title: 'Keep me' }],
  ))

test('on a phone all places are within reach', () =>
  atToday(
    async ({ page, assertClean }) => {
      const bar = page.getByRole('navigation', { name: 'Views' })
      await bar.getByRole('link', { name: 'Inbox' }).click()
      await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor()
      await bar.getByRole('button', { name: 'More' }).click()
      await page.getByRole('dialog').getByRole('link', { name: 'Done' }).click()
      await page.getByRole('heading', { name: 'Done', level: 1 }).waitFor()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
      assertClean()
    },
    [],
    { width: 360, height: 740 },
  ))

test('a backend of the core alone gets one plain list, and nothing of the rest is to be seen', async () => {
  const core = await startProduct({ env: { API_FEATURES: '' } })
  const { email } = await signUp(core)
  const there = await visit(browser, core)
  const { page } = there
  const asked: string[] = []
  page.on('request', request => asked.push(new URL(request.url()).pathname + new URL(request.url()).search))
  try {
    await page.goto('/sign-in')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByRole('heading', { name: 'Tasks', level: 1 }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/tasks')
    for (const title of ['Bread', 'Milk']) {
      await page.getByLabel('Add a task').fill(title)
      await page.keyboard.press('Enter')
      await box(page, title).waitFor()
    }
    await page.getByRole('button', { name: 'Open Bread' }).click()
    await page.getByLabel('Title').fill('Rye bread')
    await page.getByRole('button', { name: 'Save' }).click()
    await box(page, 'Rye bread').check()
    await page.getByRole('button', { name: 'More for Milk' }).click()
    assert.equal(await page.getByRole('menuitem').count(), 2)
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await box(page, 'Milk').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await box(page, 'Milk').waitFor()
    for (const name of ['Today', 'Upcoming', 'Inbox', 'Trash', 'Search', 'Lists', 'Tags'])
      assert.equal(await page.getByText(name, { exact: true }).count(), 0, name)
    await page.goto('/today')
    await page.waitForURL('**/tasks')
    const organizing = asked.filter(path =>
      /lists|tags|counts|trash|sort=|due|parent/.test(path.replace(/^\/assets.*/, '')),
    )
    assert.deepEqual(organizing, [])
    there.assertClean()
  } finally {
    await there.close()
    await core.close()
  }
})
