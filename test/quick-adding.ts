// Somebody at the page who adds tasks: what the tests of quick add and of the date popover do and look at.
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { wallClock } from '../web/src/plain-dates.ts'
import type { Visit } from './browser.ts'
import { call, type Person, signUp, tasksOf } from './in-process.ts'
import { enter, product, visiting } from './page-visit.ts'

export type There = Visit & { person: Person }
type Options = { width?: number; height?: number; locale?: string }

/** Somebody new, at Today, with the grammar at hand. */
export async function beingThere(
  work: (there: There) => Promise<void>,
  options: Options = {},
): Promise<void> {
  const person = await signUp(product)
  await visiting(async there => {
    await enterToday(there.page, person.email)
    await work({ ...there, person })
  }, options)
}

export async function enterToday(page: Page, email: string): Promise<void> {
  await enter(page, email, '/today')
  await grammarIn(page)
}

export async function grammarIn(page: Page): Promise<void> {
  await page.locator('.quick-add-marks').waitFor({ state: 'attached' })
}

export const field = (page: Page) => page.locator('.quick-add-input')
export const marks = (page: Page) => page.locator('.quick-mark').allTextContents()
export const chips = (page: Page) => page.locator('.quick-chip-text').allTextContents()
export const row = (page: Page, title: string) => page.locator('li[data-task]').filter({ hasText: title })
export const today = () => wallClock(new Date()).date

export async function type(page: Page, text: string): Promise<void> {
  await field(page).focus()
  await page.keyboard.type(text)
}

/** As the clipboard would, without asking the machine for one. */
export async function paste(page: Page, text: string): Promise<void> {
  await field(page).evaluate((element, pasted) => {
    const clipboardData = new DataTransfer()
    clipboardData.setData('text/plain', pasted)
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
  }, text)
}

// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
export async function saved(person: Person, path = tasksOf(person)): Promise<any[]> {
  const { status, body } = await call(product, 'GET', path, { token: person.token })
  // A busy machine may ask to wait; whoever polls comes again.
  assert.ok(status === 200 || status === 503, JSON.stringify(body))
  return status === 200 ? body : []
}

/** The server has it in the end; the page is ahead of it. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the server says
export async function savedTask(person: Person, title: string, is = (_: any) => true): Promise<any> {
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; ) {
    const task = (await saved(person)).find(other => other.title === title)
    if (task && is(task)) return task
    await new Promise(resolve => setTimeout(resolve, 250))
  }
  assert.fail(`${title} is not saved as it should be: ${JSON.stringify(await saved(person))}`)
}

export async function eventually(read: () => Promise<unknown>, expected: unknown): Promise<void> {
  let found: unknown
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
    found = await read()
    try {
      assert.deepEqual(found, expected)
      return
    } catch {
      await new Promise(resolve => setTimeout(resolve, 40))
    }
  }
  assert.deepEqual(found, expected)
}
