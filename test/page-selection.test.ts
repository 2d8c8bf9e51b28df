// Acting on many tasks at once, and changing their order, by mouse, keyboard and menu.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Screen, Visit } from './browser.ts'
import { call, createTask, type Person, signUp, tasksOf } from './in-process.ts'
import { box, codeIsThere, enter, product, visiting } from './page-visit.ts'

const TITLES = ['Apple', 'Bread', 'Cheese', 'Dates', 'Eggs']
const LIST = '01938d9e-0000-7000-8000-000000000002'

/** Somebody at their Inbox, with five tasks and a list. */
async function atMarket(work: (there: Visit, person: Person) => Promise<void>, screen?: Screen) {
  const person = await signUp(product)
  for (const title of TITLES) await createTask(product, person, title)
  await call(product, 'PUT', `/api/${person.id}/lists/${LIST}`, {
    token: person.token,
    body: { name: 'Market', color: 'green' },
    headers: { 'if-none-match': '*' },
  })
  await visiting(async there => {
    await enter(there.page, person.email)
    await box(there.page, 'Apple').waitFor()
    // Keys, menus and dragging come once the list stands.
    await codeIsThere(there.page)
    await work(there, person)
  }, screen)
}

const row = (page: Page, title: string) => page.getByRole('listitem').filter({ hasText: title })
const title = (page: Page, name: string) => page.getByRole('button', { name: `Edit ${name}` })
const order = (page: Page) => page.locator('main [data-task] .row-title').allTextContents()
const bar = (page: Page) => page.getByRole('region', { name: 'Actions for the selected tasks' })
const hasOrder = (page: Page, wanted: string[]) =>
  page.waitForFunction(
    all =>
      [...document.querySelectorAll('main [data-task] .row-title')].map(e => e.textContent).join() === all,
    wanted.join(),
  )
/** Nothing waits to be sent: a row that has left the view shows no mark. */
const saved = (page: Page) =>
  page.waitForFunction(() => !Object.keys(sessionStorage).some(key => key.endsWith(':outbox')))

async function onServer(person: Person, query: string): Promise<string[]> {
  const { body } = await call(product, 'GET', `${tasksOf(person)}?${query}`, { token: person.token })
  return body.map((task: { title: string }) => task.title)
}

test('Shift and a click select a range, one bar acts on it, and undo takes it all back as one', () =>
  atMarket(async ({ page, assertClean }, person) => {
    await title(page, 'Bread').focus()
    await title(page, 'Dates').click({ modifiers: ['Shift'] })
    await bar(page).getByText('3 tasks selected').waitFor()
    await bar(page).getByRole('button', { name: 'Complete' }).click()
    await page.getByText('3 tasks completed').waitFor()
    await saved(page)
    assert.deepEqual((await onServer(person, 'completed=true')).sort(), ['Bread', 'Cheese', 'Dates'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.waitForFunction(() => document.querySelectorAll('main [data-task] input:checked').length === 0)
    await saved(page)
    assert.deepEqual(await onServer(person, 'completed=true'), [])
    await page.keyboard.press('Escape')
    await bar(page).waitFor({ state: 'detached' })
    assertClean()
  }))

test('Shift+j selects by keys, and many are moved to a list in one request', () =>
  atMarket(async ({ page, assertClean }, person) => {
    const writes: string[] = []
    page.on('request', request => {
      if (request.method() === 'PATCH') writes.push(new URL(request.url()).pathname)
    })
    await title(page, 'Apple').focus()
    await page.keyboard.press('Shift+J')
    await page.keyboard.press('Shift+J')
    await bar(page).getByText('3 tasks selected').waitFor()
    await page.keyboard.press('v')
    await page.getByRole('menu', { name: 'Move to' }).getByText('Market').click()
    await page.getByText('3 tasks moved to Market').waitFor()
    await hasOrder(page, ['Dates', 'Eggs'])
    await saved(page)
    assert.deepEqual((await onServer(person, `list=${LIST}`)).sort(), ['Apple', 'Bread', 'Cheese'])
    assert.deepEqual(writes, [tasksOf(person)])
    await page.keyboard.press('Control+z')
    await hasOrder(page, TITLES)
    assertClean()
  }))

test('Select in the menu shows boxes to select by, for those without a keyboard', () =>
  atMarket(async ({ page, assertClean }) => {
    await page.getByRole('button', { name: 'More for Bread' }).click()
    await page.getByRole('menuitem', { name: 'Select' }).click()
    await page.getByRole('checkbox', { name: 'Select Eggs' }).check()
    await bar(page).getByText('2 tasks selected').waitFor()
    await bar(page).getByRole('button', { name: 'Delete' }).click()
    await hasOrder(page, ['Apple', 'Cheese', 'Dates'])
    await bar(page).waitFor({ state: 'detached' })
    await page.getByRole('checkbox', { name: 'Apple', exact: true }).waitFor()
    assertClean()
  }))

test('many are rescheduled at once, and undone', () =>
  atMarket(async ({ page, assertClean }, person) => {
    await title(page, 'Apple').focus()
    await title(page, 'Eggs').click({ modifiers: ['Shift'] })
    await bar(page).getByText('5 tasks selected').waitFor()
    await bar(page).getByRole('button', { name: 'Reschedule' }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Tomorrow/ })
      .click()
    await page.getByText(/^5 tasks due/).waitFor()
    await saved(page)
    assert.equal((await onServer(person, 'due_after=2000-01-01')).length, 5)
    await page.getByRole('button', { name: 'Undo' }).click()
    await saved(page)
    assert.deepEqual(await onServer(person, 'due_after=2000-01-01'), [])
    assertClean()
  }))

test('the order is changed by keys and by the menu, and stays', () =>
  atMarket(async ({ page, assertClean }) => {
    await title(page, 'Cheese').focus()
    await page.keyboard.press('Alt+ArrowUp')
    await hasOrder(page, ['Apple', 'Cheese', 'Bread', 'Dates', 'Eggs'])
    await page.getByRole('status').filter({ hasText: 'Cheese: place 2 of 5' }).waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cheese')
    await page.getByRole('button', { name: 'More for Eggs' }).click()
    await page.getByRole('menuitem', { name: 'Move up' }).click()
    await hasOrder(page, ['Apple', 'Cheese', 'Bread', 'Eggs', 'Dates'])
    await saved(page)
    await page.reload()
    await hasOrder(page, ['Apple', 'Cheese', 'Bread', 'Eggs', 'Dates'])
    assertClean()
  }))

test('a row is dragged to another place, and onto a list', () =>
  atMarket(async ({ page, assertClean }, person) => {
    await row(page, 'Eggs').dragTo(row(page, 'Bread'), { targetPosition: { x: 200, y: 4 } })
    await hasOrder(page, ['Apple', 'Eggs', 'Bread', 'Cheese', 'Dates'])
    await row(page, 'Apple').dragTo(page.getByRole('link', { name: /^Market/ }))
    await hasOrder(page, ['Eggs', 'Bread', 'Cheese', 'Dates'])
    await saved(page)
    assert.deepEqual(await onServer(person, `list=${LIST}`), ['Apple'])
    assert.deepEqual(await order(page), await onServer(person, 'list=inbox&sort=position'))
    assertClean()
  }))

/** What a finger does, as the browser itself makes it: Chromium's own gestures, scrolling and menu follow from it. */
async function byFinger(page: Page) {
  const session = await page.context().newCDPSession(page)
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints })
  const middle = async (name: string) => {
    const { x, y, width, height } = (await title(page, name).boundingBox())!
    return { x: x + width / 2, y: y + height / 2 }
  }
  return {
    down: async (name: string) => send('touchStart', [await middle(name)]),
    move: async (name: string, by: number) => {
      const { x, y } = await middle(name)
      for (let step = 1; step <= 10; step += 1) await send('touchMove', [{ x, y: y + (by * step) / 10 }])
    },
    up: () => send('touchEnd', []),
  }
}

const PHONE = { width: 360, height: 640, hasTouch: true }

test('a finger that rests on a row selects it and opens nothing; the next ones are tapped, and a tap opens again', () =>
  atMarket(async ({ page, assertClean }) => {
    const finger = await byFinger(page)
    const rests = async (name: string, selected: number) => {
      await finger.down(name)
      await bar(page)
        .getByText(selected === 1 ? '1 task selected' : `${selected} tasks selected`)
        .waitFor()
      await finger.up()
    }
    await codeIsThere(page)
    await rests('Bread', 1)
    await rests('Eggs', 2)
    await title(page, 'Cheese').tap()
    await bar(page).getByText('3 tasks selected').waitFor()
    assert.equal(await page.getByRole('dialog').count(), 0)
    await bar(page).getByRole('button', { name: 'Clear the selection' }).tap()
    await title(page, 'Cheese').tap()
    await page.getByRole('dialog', { name: 'Edit task' }).waitFor()
    assertClean()
  }, PHONE))

test('a finger that moves scrolls and selects nothing, and a mouse keeps its menu', () =>
  atMarket(async ({ page, assertClean }) => {
    await codeIsThere(page)
    const finger = await byFinger(page)
    await page.setViewportSize({ width: 360, height: 360 })
    await finger.down('Bread')
    await finger.move('Bread', -120)
    await page.waitForFunction(() => scrollY > 40)
    // Longer than a press takes.
    await page.waitForTimeout(600)
    await finger.up()
    assert.equal(await bar(page).count(), 0)
    const keptMenu = page.evaluate(
      () =>
        new Promise(resolve =>
          addEventListener('contextmenu', event => resolve(!event.defaultPrevented), { once: true }),
        ),
    )
    await title(page, 'Eggs').click({ button: 'right' })
    assert.equal(await keptMenu, true)
    assertClean()
  }, PHONE))
