// One browser and one product for the tests of a file, and what people do at the page in most of them.
import assert from 'node:assert/strict'
import { after, before } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, type Screen, type Visit, visit } from './browser.ts'
import { call, PASSWORD, type Person, type Product, startProduct, tasksOf } from './in-process.ts'

export let browser: Browser
export let product: Product
before(async () => {
  browser = await launchBrowser()
  product = await startProduct()
})
after(async () => {
  await browser.close()
  await product.close()
})

/** Somebody at a browser of their own, which is closed whatever happens. */
export async function visiting(
  work: (there: Visit) => Promise<void>,
  screen?: Screen,
  at: Product = product,
): Promise<void> {
  const there = await visit(browser, at, screen)
  try {
    await work(there)
  } finally {
    await there.close()
  }
}

/** Signs in as people do, whatever language the page speaks, and goes where tasks can be added. */
export async function enter(page: Page, email: string, path = '/inbox'): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(path)}`)
  await page.locator('input[type=email]').fill(email)
  await page.locator('input[type=password]').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.locator('.quick-add-input').waitFor()
}

export async function post(person: Person, task: object): Promise<{ id: string }> {
  const answer = await call(product, 'POST', tasksOf(person), { token: person.token, body: task })
  assert.equal(answer.status, 201, answer.text)
  return answer.body
}

export const box = (page: Page, title: string) => page.getByRole('checkbox', { name: title, exact: true })

const LATER = ['keys', 'edit-task', 'task-menu', 'list-dialog', 'shortcut-help']

/** The code for keys, menus and dialogs is fetched once the list stands; from then on they need no network. */
export async function codeIsThere(page: Page): Promise<void> {
  await page.waitForFunction(names => {
    const fetched = performance.getEntriesByType('resource').map(({ name }) => name)
    return names.every(name => fetched.some(url => url.includes(`/${name}-`)))
  }, LATER)
  await page.waitForLoadState('networkidle')
}

export async function until(what: () => Promise<boolean>, because: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await what()) return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  assert.fail(because)
}

export async function assertAccessible(page: Page, state = ''): Promise<void> {
  const { violations } = await new AxeBuilder({ page: page as never }).analyze()
  assert.deepEqual(
    violations.map(({ id, nodes }) => [state, id, nodes.map(node => node.html)]),
    [],
  )
}
