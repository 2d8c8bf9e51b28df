// What happens to lists and tags when the network or the server fails, or the page is left before they are saved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Visit } from './browser.ts'
import { call, endSessions, PASSWORD, signIn } from './in-process.ts'
import { createPagePerson, type PagePerson, rowOf } from './page-person.ts'
import { codeIsThere, product, until } from './page-visit.ts'

async function visiting(
  prepare: (her: PagePerson) => Promise<string>,
  work: (there: Visit, her: PagePerson) => Promise<void>,
) {
  const her = await createPagePerson()
  const there = await her.open(await prepare(her))
  try {
    await codeIsThere(there.page)
    await work(there, her)
  } finally {
    await there.close()
  }
}

const LISTS = /\/api\/[^/]+\/lists/
const heading = (page: Page, name: string) =>
  page.getByRole('heading', { name, level: 1, exact: true }).waitFor()
const link = (page: Page, name: string) => page.locator('nav a:visible').filter({ hasText: name })
const mark = (page: Page, name: string) => link(page, name).getByRole('img', { name: 'Not saved yet' })
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).click()
const nothingWaits = (page: Page) =>
  page.getByText('Not saved yet', { exact: true }).first().waitFor({ state: 'detached' })

async function add(page: Page, title: string) {
  await page.getByLabel('Add a task').fill(title)
  await page.keyboard.press('Enter')
}

async function askForList(page: Page, name: string) {
  await page.getByRole('button', { name: 'New list' }).click()
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Create list' }).click()
}

async function makeList(page: Page, name: string) {
  await askForList(page, name)
  await heading(page, name)
}

async function rename(page: Page, what: 'list' | 'tag', name: string) {
  await page.getByRole('button', { name: `Edit ${what}` }).click()
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
}

async function untilEqual(what: () => Promise<string[]>, wanted: string[]): Promise<void> {
  await until(async () => String(await what()) === String(wanted), `never ${wanted}`)
}

/** Every list with its tasks, as the server has them. */
async function stored({ ask }: PagePerson): Promise<string[]> {
  const lists: { id: string; name: string }[] = await ask('GET', '/lists')
  const tasks: { title: string; list: string | null }[] = await ask('GET', '/tasks')
  const named = tasks.map(task => `${lists.find(({ id }) => id === task.list)?.name ?? '-'}/${task.title}`)
  return [...lists.map(({ name }) => `${name}/`), ...named].sort()
}

test('a list that is made, filled and renamed without a network is kept with a mark, and saved in order when it is back', () =>
  visiting(
    async () => '/inbox',
    async ({ page, context, assertClean }, her) => {
      await context.setOffline(true)
      await makeList(page, 'Garden')
      await mark(page, 'Garden').waitFor()
      await page.getByText('A clean page').waitFor()
      await add(page, 'Dig')
      await rowOf(page, 'Dig').getByText('Not saved yet').waitFor()
      await rename(page, 'list', 'Yard')
      await heading(page, 'Yard')
      await add(page, 'Rake')
      await rowOf(page, 'Rake').waitFor()
      await page.getByText('4 changes not saved yet').waitFor()
      assert.deepEqual(await stored(her), [])
      await context.setOffline(false)
      await untilEqual(() => stored(her), ['Yard/', 'Yard/Dig', 'Yard/Rake'])
      await mark(page, 'Yard').waitFor({ state: 'detached' })
      await nothingWaits(page)
      await page.reload()
      await heading(page, 'Yard')
      await rowOf(page, 'Dig').waitFor()
      assertClean([0])
    },
  ))

test('a list that is deleted without a network goes with its tasks, comes back by undo, and is deleted when it is back', () =>
  visiting(
    async her => {
      const { id } = await her.addList('House')
      await her.addTask({ title: 'Sweep', list: id, due: '2020-01-01' })
      return '/today'
    },
    async ({ page, context, assertClean }, her) => {
      await rowOf(page, 'Sweep').waitFor()
      await context.setOffline(true)
      const remove = async () => {
        await page.getByRole('button', { name: 'More for House' }).click()
        await page.getByRole('menuitem', { name: 'Delete list' }).click()
        await rowOf(page, 'Sweep').waitFor({ state: 'detached' })
      }
      await remove()
      await page.getByText('1 change not saved yet').waitFor()
      await undo(page)
      await rowOf(page, 'Sweep').waitFor()
      await link(page, 'House').waitFor()
      await remove()
      const badge = page.getByText('3 changes not saved yet')
      await badge.waitFor()
      assert.deepEqual(await stored(her), ['House/', 'House/Sweep'])
      await context.setOffline(false)
      await badge.waitFor({ state: 'detached' })
      await untilEqual(() => stored(her), [])
      await undo(page)
      await link(page, 'House').waitFor()
      await rowOf(page, 'Sweep').waitFor()
      await untilEqual(() => stored(her), ['House/', 'House/Sweep'])
      assertClean([0])
    },
  ))

test('a tag that is renamed without a network is called so at once, on its tasks too, and saved when it is back', () =>
  visiting(
    async her => {
      await her.addTask({ title: 'Sweep', tags: ['hoem'] })
      return '/tags/hoem'
    },
    async ({ page, context, assertClean }, her) => {
      const names = async () => (await her.ask('GET', '/tags')).map((tag: { name: string }) => tag.name)
      await rowOf(page, 'Sweep').waitFor()
      await context.setOffline(true)
      await rename(page, 'tag', 'home')
      await heading(page, '#home')
      await mark(page, '#home').waitFor()
      await rowOf(page, 'Sweep').getByText('#home').waitFor()
      await add(page, 'Mop')
      await rowOf(page, 'Mop').getByText('#home').waitFor()
      assert.deepEqual(await names(), ['hoem'])
      await context.setOffline(false)
      await mark(page, '#home').waitFor({ state: 'detached' })
      await nothingWaits(page)
      await untilEqual(names, ['home'])
      await rowOf(page, 'Sweep').getByText('#home').waitFor()
      await rowOf(page, 'Mop').getByText('#home').waitFor()
      await page.getByRole('link', { name: '#home' }).focus()
      await page.keyboard.press('Control+z')
      await page.keyboard.press('Control+z')
      await heading(page, '#hoem')
      await rowOf(page, 'Sweep').getByText('#hoem').waitFor()
      await untilEqual(names, ['hoem'])
      assertClean([0])
    },
  ))

test('a reload in between loses no list, no task in it and no new name', () =>
  visiting(
    async her => {
      await her.addList('House')
      return '/inbox'
    },
    async ({ page, assertClean }, her) => {
      await page.route(LISTS, route =>
        route.request().method() === 'GET' ? route.fallback() : route.abort('connectionreset'),
      )
      await makeList(page, 'Garden')
      await add(page, 'Dig')
      await rowOf(page, 'Dig').waitFor()
      await link(page, 'House').click()
      await rename(page, 'list', 'Home')
      await heading(page, 'Home')
      await page.reload()
      await heading(page, 'Home')
      await mark(page, 'Home').waitFor()
      await mark(page, 'Garden').waitFor()
      await link(page, 'Garden').click()
      await rowOf(page, 'Dig').getByText('Not saved yet').waitFor()
      await page.unrouteAll({ behavior: 'ignoreErrors' })
      await untilEqual(() => stored(her), ['Garden/', 'Garden/Dig', 'Home/'])
      await mark(page, 'Garden').waitFor({ state: 'detached' })
      assertClean([0])
    },
  ))

test('a session that ends keeps a new list and what is in it, and saves both after signing in again', () =>
  visiting(
    async () => '/inbox',
    async ({ page, assertClean }, her) => {
      await endSessions(product, her.person.email)
      await makeList(page, 'Garden')
      await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await add(page, 'Dig')
      await rowOf(page, 'Dig').waitFor()
      const { token } = await signIn(product, her.person.email)
      const ask = async (_method: string, path: string) =>
        (await call(product, 'GET', `/api/${her.person.id}${path}`, { token })).body
      await untilEqual(() => stored({ ...her, ask }), ['Garden/', 'Garden/Dig'])
      assertClean([401])
    },
  ))

test('a list that the server will not have is said, its tasks wait for it, and both are tried again or given up', () =>
  visiting(
    async () => '/inbox',
    async ({ page, assertClean }, her) => {
      await page.route(LISTS, route =>
        route.request().method() === 'PUT'
          ? route.fulfill({ status: 409, json: { code: 'limit_reached' } })
          : route.fallback(),
      )
      await askForList(page, 'Garden')
      const note = page.getByRole('alert').filter({ hasText: 'The list “Garden” was not made.' })
      await note.getByText('There is no room for another one. Delete one first.').waitFor()
      await link(page, 'Garden').waitFor({ state: 'detached' })
      await page
        .getByRole('link', { name: /^Inbox/ })
        .first()
        .click()
      await add(page, 'Dig /Garden')
      await page.getByText('The list “Garden” was not made.').nth(1).waitFor()
      await page.unrouteAll({ behavior: 'wait' })
      await note.first().getByRole('button', { name: 'Discard' }).click()
      await note.getByRole('button', { name: 'Try again' }).click()
      await untilEqual(() => stored(her), ['Garden/', 'Garden/Dig'])
      await note.waitFor({ state: 'detached' })
      assertClean([409])
    },
  ))

test('undoing what made a new list takes the list away again, unless something else is in it', () =>
  visiting(
    async () => '/inbox',
    async ({ page, assertClean }, her) => {
      await add(page, 'Dig /Garden')
      await untilEqual(() => stored(her), ['Garden/', 'Garden/Dig'])
      await link(page, 'Garden').waitFor()
      await undo(page)
      await link(page, 'Garden').waitFor({ state: 'detached' })
      await untilEqual(() => stored(her), [])
      await add(page, 'Dig /Garden')
      await untilEqual(() => stored(her), ['Garden/', 'Garden/Dig'])
      const [list] = await her.ask('GET', '/lists')
      await her.addTask({ title: 'Added elsewhere', list: list.id })
      await undo(page)
      await untilEqual(() => stored(her), ['Garden/', 'Garden/Added elsewhere'])
      await link(page, 'Garden').waitFor()
      await nothingWaits(page)
      assertClean()
    },
  ))
