import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Visit } from './browser.ts'
import { call, createTask, type Person, signUp, tasksOf } from './in-process.ts'
import { assertAccessible, box, codeIsThere, enter, product, visiting } from './page-visit.ts'

type Work = (there: Visit & { person: Person }) => Promise<void>

/** Somebody with some tasks, at their page, without a mouse. */
async function atTheKeyboard(titles: string[], work: Work, size?: { width: number; height: number }) {
  const person = await signUp(product)
  for (const title of titles) await createTask(product, person, title)
  await visiting(async there => {
    await enter(there.page, person.email)
    if (titles[0]) await box(there.page, titles[0]).waitFor()
    // The keyboard comes once the list stands.
    await codeIsThere(there.page)
    await work({ ...there, person })
  }, size)
}

const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1 }).waitFor()
const palette = (page: Page) => page.getByRole('dialog', { name: 'Search tasks and commands' })
const option = (page: Page, name: string) => palette(page).getByRole('option', { name })
const press = (page: Page, keys: string) =>
  keys.split(' ').reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
const focusedTask = (page: Page) =>
  page.evaluate(
    () => document.activeElement?.closest('[data-task]')?.querySelector('input')?.ariaLabel ?? null,
  )
const activeOption = (page: Page) =>
  page.evaluate(() => {
    const id = document.activeElement?.getAttribute('aria-activedescendant')
    return (id && document.getElementById(id)?.querySelector('span')?.textContent) ?? null
  })

async function ask(page: Page, query: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await palette(page).waitFor()
  await page.keyboard.type(query)
}

test('g and a letter go places, and say where one can go', () =>
  atTheKeyboard([], async ({ page, assertClean }) => {
    await press(page, 'g')
    const hint = page.getByRole('status').filter({ hasText: 'Upcoming' })
    await hint.waitFor()
    await press(page, 'u')
    await heading(page, 'Upcoming')
    await hint.waitFor({ state: 'detached' })
    for (const [key, name] of [
      ['t', 'Today'],
      ['d', 'Done'],
      ['x', 'Trash'],
      ['a', 'Account'],
      ['i', 'Inbox'],
    ]) {
      await press(page, `g ${key}`)
      await heading(page, name!)
    }
    await press(page, '/')
    await heading(page, 'Search')
    assertClean()
  }))

test('a sequence that is broken off does nothing, and Escape ends it', () =>
  atTheKeyboard([], async ({ page, assertClean }) => {
    const hint = page.getByRole('status').filter({ hasText: 'Upcoming' })
    for (const key of ['Escape', 'w']) {
      await press(page, 'g')
      await hint.waitFor()
      await press(page, key)
      await hint.waitFor({ state: 'detached' })
    }
    await heading(page, 'Inbox')
    assertClean()
  }))

test('rows are walked, ticked, deleted and brought back by single keys', () =>
  atTheKeyboard(['First of two', 'Second of two'], async ({ page, assertClean }) => {
    await press(page, 'j')
    const first = await focusedTask(page)
    await press(page, 'j')
    const second = await focusedTask(page)
    assert.deepEqual([first, second].sort(), ['First of two', 'Second of two'])
    await press(page, 'k')
    assert.equal(await focusedTask(page), first)
    await press(page, 'x')
    await page.waitForFunction(
      name => document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)?.checked,
      first,
    )
    await press(page, '#')
    await box(page, first!).waitFor({ state: 'detached' })
    await press(page, 'Control+z')
    await box(page, first!).waitFor()
    assertClean()
  }))

test('no key acts while something is typed, composed, or asked in a dialog', () =>
  atTheKeyboard(['Stays as it is'], async ({ page, assertClean }) => {
    await press(page, 'q')
    await page.keyboard.type('jx#?gu')
    assert.equal(await page.getByLabel('Add a task').inputValue(), 'jx#?gu')
    await press(page, 'Escape')
    await page.getByRole('heading', { level: 1 }).click()
    await press(page, '?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.waitFor()
    await press(page, 'g u / q')
    await press(page, 'Escape')
    await help.waitFor({ state: 'detached' })
    await page.evaluate(() =>
      dispatchEvent(new KeyboardEvent('keydown', { key: '?', isComposing: true, bubbles: true })),
    )
    await heading(page, 'Inbox')
    assert.equal(await help.count(), 0)
    assert.equal(await box(page, 'Stays as it is').isChecked(), false)
    assertClean()
  }))

test('single keys can be switched off; those with a modifier stay', () =>
  atTheKeyboard(['Not to be touched'], async ({ page, assertClean }) => {
    await press(page, '?')
    await page.getByRole('dialog').getByLabel('Single-key shortcuts').uncheck()
    await press(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('heading', { level: 1 }).click()
    await press(page, 'j x # ? g u')
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(await box(page, 'Not to be touched').isChecked(), false)
    await heading(page, 'Inbox')
    await press(page, 'Control+k')
    await palette(page).waitFor()
    assertClean()
  }))

test('the help lists what is registered, once, with the keys of the platform, in the language of the page', () =>
  atTheKeyboard([], async ({ page, assertClean }) => {
    await press(page, '?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.waitFor()
    const names = await help.getByRole('term').allTextContents()
    assert.equal(new Set(names).size, names.length)
    for (const name of ['Add a task', 'Go, find or do anything', 'Upcoming', 'Next task', 'Delete', 'Undo'])
      assert.ok(names.includes(name), name)
    assert.ok((await help.innerText()).includes('Ctrl'))
    await assertAccessible(page, 'help')
    await press(page, 'Escape')
    await ask(page, 'deutsch')
    await press(page, 'Enter')
    await heading(page, 'Eingang')
    await press(page, '?')
    await page.getByRole('dialog', { name: 'Tastenkürzel' }).getByText('Strg').first().waitFor()
    assertClean()
  }))

test('the palette goes: what is typed is marked, arrows choose, and recent ones lead the next time', () =>
  atTheKeyboard([], async ({ page, assertClean }) => {
    await ask(page, 'upc')
    assert.equal(await activeOption(page), 'Upcoming')
    assert.equal(await option(page, 'Upcoming').locator('b').textContent(), 'Upc')
    await assertAccessible(page, 'palette')
    await press(page, 'Enter')
    await heading(page, 'Upcoming')
    await press(page, 'Control+k')
    await palette(page).waitFor()
    assert.equal(await activeOption(page), 'Upcoming')
    await press(page, 'ArrowDown')
    assert.equal(await activeOption(page), 'Today')
    await press(page, 'ArrowUp ArrowUp')
    assert.equal(await activeOption(page), 'Sign out')
    await press(page, 'Control+k')
    await palette(page).waitFor({ state: 'detached' })
    assertClean()
  }))

test('the palette finds: loaded tasks at once, others from the server, everything on a page of its own', () =>
  atTheKeyboard(['Water the plants', 'Call the plumber'], async ({ page, person, assertClean }) => {
    await call(product, 'POST', tasksOf(person), {
      ...{
        token: person.token,
        body: { title: 'Hidden away', description: 'about a pelican', completed: true },
      },
    })
    await ask(page, 'wat pl')
    assert.equal(await activeOption(page), 'Water the plants')
    await press(page, 'Escape')
    await ask(page, 'pelic')
    await option(page, 'Hidden away').waitFor()
    await press(page, 'Enter')
    await page.getByRole('dialog').getByText('about a pelican').waitFor()
    await press(page, 'Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await ask(page, 'plum')
    await option(page, 'Search everything for “plum”').waitFor()
    await press(page, 'ArrowUp Enter')
    await heading(page, 'Search')
    await box(page, 'Call the plumber').waitFor()
    assert.equal(new URL(page.url()).searchParams.get('q'), 'plum')
    assertClean()
  }))

test('the palette does: it acts on the focused task, and gives the focus back', () =>
  atTheKeyboard(['Finish the letter', 'Another one'], async ({ page, assertClean }) => {
    await press(page, 'j')
    const title = (await focusedTask(page))!
    await press(page, 'Control+k')
    await palette(page).getByRole('group', { name: title }).waitFor()
    await press(page, 'Escape')
    await palette(page).waitFor({ state: 'detached' })
    assert.equal(await focusedTask(page), title)
    await ask(page, 'complete')
    await press(page, 'Enter')
    await page.waitForFunction(
      name => document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)?.checked,
      title,
    )
    await ask(page, 'undo')
    await press(page, 'Enter')
    await page.waitForFunction(
      name => document.querySelector<HTMLInputElement>(`input[aria-label="${name}"]`)?.checked === false,
      title,
    )
    await ask(page, 'dark theme')
    await press(page, 'Enter')
    await page.waitForFunction(() => document.documentElement.dataset.theme === 'dark')
    await ask(page, 'new task')
    await press(page, 'Enter')
    await page.waitForFunction(() => document.activeElement?.ariaLabel === 'Add a task')
    await ask(page, 'sign out')
    await press(page, 'Enter')
    await page.getByText('You are signed out.').waitFor()
    assertClean()
  }))

test('q adds a task from where none can be added, and the button opens the palette on a phone', () =>
  atTheKeyboard(
    [],
    async ({ page, assertClean }) => {
      await press(page, 'g a')
      await heading(page, 'Account')
      await press(page, 'q')
      await page.waitForFunction(() => document.activeElement?.ariaLabel === 'Add a task')
      await page.getByRole('button', { name: 'Search' }).click()
      await palette(page).waitFor()
      await page.waitForFunction(() => {
        const { x, y, width } = document.querySelector('.palette-box')!.getBoundingClientRect()
        return x === 0 && y === 0 && width === innerWidth
      })
      await assertAccessible(page, 'palette on a phone')
      await palette(page).getByRole('button', { name: 'Close' }).click()
      await palette(page).waitFor({ state: 'detached' })
      assertClean()
    },
    { width: 360, height: 740 },
  ))
