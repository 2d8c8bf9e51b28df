// What happens to changes when the network or the server fails, or the page is left before they are saved.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import type { Visit } from './browser.ts'
import { call, createTask, type Person, signUp, tasksOf } from './in-process.ts'
import { box, codeIsThere, enter, product, visiting } from './page-visit.ts'

/** Somebody new, at their Inbox, with these tasks. */
async function atInbox(work: (there: Visit, person: Person) => Promise<void>, titles: string[] = []) {
  const person = await signUp(product)
  for (const title of titles) await createTask(product, person, title)
  await visiting(async there => {
    await enter(there.page, person.email)
    await work(there, person)
  })
}

const add = async (page: Page, title: string) => {
  await page.getByLabel('Add a task').fill(title)
  await page.keyboard.press('Enter')
  await row(page, title).waitFor()
}
const row = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title })
const isWrite = (route: Route) => route.request().method() !== 'GET'
const TASKS = /\/api\/[^/]+\/tasks/

/** The tasks of the server, as soon as they are what the test waits for. */
async function serverHas(person: Person, what: (tasks: { title: string; completed: boolean }[]) => boolean) {
  for (let tries = 0; tries < 400; tries += 1) {
    const { body } = await call(product, 'GET', tasksOf(person), { token: person.token })
    if (what(body)) return body
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail('the server never had it')
}

test('what is added, ticked, edited and deleted without a network is kept with a mark, and saved once when it is back', () =>
  atInbox(
    async ({ page, context, assertClean }, person) => {
      await box(page, 'Buy bread').waitFor()
      // What the list opens is fetched once it stands.
      await codeIsThere(page)
      await context.setOffline(true)
      await add(page, 'Written in a tunnel')
      await box(page, 'Buy bread').check()
      await page.getByRole('button', { name: 'Open Call Ada' }).click()
      await page.getByLabel('Title').fill('Call Ada at nine')
      await page.getByRole('button', { name: 'Save' }).click()
      await row(page, 'Call Ada at nine').getByText('Not saved yet', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'More for Old thing' }).click()
      await page.getByRole('menuitem', { name: 'Delete' }).click()
      await row(page, 'Old thing').waitFor({ state: 'detached' })
      await page.getByText('4 changes not saved yet').waitFor()
      await row(page, 'Written in a tunnel').getByText('Not saved yet', { exact: true }).waitFor()
      await context.setOffline(false)
      await page.getByText('Not saved yet', { exact: true }).first().waitFor({ state: 'detached' })
      const tasks = await serverHas(person, all => all.some(task => task.title === 'Written in a tunnel'))
      assert.deepEqual(tasks.map((task: { title: string }) => task.title).sort(), [
        'Buy bread',
        'Call Ada at nine',
        'Written in a tunnel',
      ])
      assert.equal(tasks.find((task: { title: string }) => task.title === 'Buy bread').completed, true)
      assertClean([0])
    },
    ['Buy bread', 'Call Ada', 'Old thing'],
  ))

test('a reload right after an add loses nothing, even when the server never answered', () =>
  atInbox(async ({ page, assertClean }, person) => {
    await page.route(TASKS, route => (isWrite(route) ? new Promise(() => {}) : route.fallback()))
    await add(page, 'Just typed')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.reload()
    await box(page, 'Just typed').waitFor()
    const tasks = await serverHas(person, all => all.length > 0)
    assert.deepEqual(
      tasks.map((task: { title: string }) => task.title),
      ['Just typed'],
    )
    assertClean([0])
  }))

test('an answer that is lost on its way does not add the task twice', () =>
  atInbox(async ({ page, assertClean }, person) => {
    let lost = 0
    await page.route(TASKS, async route => {
      if (!isWrite(route) || lost > 0) return await route.fallback()
      lost += 1
      await route.fetch()
      await route.abort('connectionreset')
    })
    await add(page, 'Only once')
    await page.getByText('Not saved yet', { exact: true }).waitFor({ state: 'detached' })
    assert.equal(lost, 1)
    const { body } = await call(product, 'GET', tasksOf(person), { token: person.token })
    assert.equal(body.length, 1)
    assertClean([0])
  }))

test('a server that is busy is asked again when it said, and nothing is lost', () =>
  atInbox(async ({ page, assertClean }, person) => {
    let refusals = 0
    await page.route(TASKS, async route => {
      if (!isWrite(route) || refusals >= 4) return await route.fallback()
      refusals += 1
      await route.fulfill({ status: 503, headers: { 'retry-after': '1' }, json: { code: 'not_ready' } })
    })
    await add(page, 'In good time')
    await serverHas(person, all => all.some(task => task.title === 'In good time'))
    assert.equal(refusals, 4)
    assertClean([503])
  }))

test('a refused change puts the row back and keeps what was typed, to be tried again or discarded', () =>
  atInbox(
    async ({ page, assertClean }, person) => {
      await page.route(TASKS, route =>
        route.request().method() === 'PATCH'
          ? route.fulfill({ status: 400, json: { code: 'invalid_request' } })
          : route.fallback(),
      )
      await page.getByRole('button', { name: 'Open Plan' }).click()
      await page.getByLabel('Title').fill('A better plan')
      await page.getByRole('button', { name: 'Save' }).click()
      const note = page.getByRole('alert').filter({ hasText: 'A better plan' })
      await note.waitFor()
      await page.getByRole('button', { name: 'Edit Plan' }).waitFor()
      await page.unrouteAll({ behavior: 'wait' })
      await note.getByRole('button', { name: 'Try again' }).click()
      await page.getByRole('button', { name: 'Edit A better plan' }).waitFor()
      await serverHas(person, all => all.some(task => task.title === 'A better plan'))
      await note.waitFor({ state: 'detached' })
      assertClean([400])
    },
    ['Plan'],
  ))

test('quick ticks of one task end as the last one says', () =>
  atInbox(
    async ({ page, assertClean }, person) => {
      for (let at = 0; at < 5; at += 1) await box(page, 'Flip').click()
      await page.getByText('Not saved yet', { exact: true }).waitFor({ state: 'detached' })
      await serverHas(person, ([task]) => task?.completed === true)
      await page.reload()
      await page.getByRole('heading', { name: 'Inbox', level: 1 }).waitFor()
      await page.getByText('An empty inbox').waitFor()
      assertClean()
    },
    ['Flip'],
  ))

test('signing out with changes that could not be saved asks first', () =>
  atInbox(async ({ page, assertClean }) => {
    await page.route(TASKS, route => (isWrite(route) ? route.abort() : route.fallback()))
    await add(page, 'Not there yet')
    await page.getByRole('button', { name: 'Sign out' }).click()
    const dialog = page.getByRole('dialog', { name: 'Not everything is saved' })
    await dialog.getByRole('button', { name: 'Stay signed in' }).click()
    await row(page, 'Not there yet').waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await dialog.getByRole('button', { name: 'Sign out and lose it' }).click()
    await page.getByText('You are signed out.').waitFor()
    assert.equal(await page.evaluate(() => sessionStorage.length), 0)
    assertClean([0])
  }))

test('a failed first page says so and tries again; it is not taken for a sign-out', () =>
  atInbox(async ({ page, assertClean }) => {
    await page.route(TASKS, route => route.abort())
    await page.reload()
    await page.getByText('Your tasks could not be loaded.').waitFor()
    assert.equal(new URL(page.url()).pathname, '/inbox')
    await page.unrouteAll({ behavior: 'ignoreErrors' })
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('An empty inbox').waitFor()
    assertClean([0])
  }))
