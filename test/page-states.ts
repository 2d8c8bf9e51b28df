// Every view of the page, and what opens above it, each with the way a person gets there.
import type { Page } from 'playwright-core'
import type { Furnished } from './furnished.ts'

export interface State {
  name: string
  path(furnished: Furnished): string
  /** Visitors see it, without an account. */
  signedOut?: boolean
  /** From the view on: what is pressed, and what is waited for. */
  open?(page: Page): Promise<void>
}

const first = (record: Record<string, string>) => Object.values(record)[0]
const rows = (page: Page) => page.locator('li[data-task]')
const dialog = (page: Page) => page.getByRole('dialog').first().waitFor()

export const STATES: State[] = [
  { name: 'sign-in', path: () => '/sign-in', signedOut: true },
  { name: 'sign-up', path: () => '/sign-up', signedOut: true },
  {
    name: 'sign-up-faults',
    path: () => '/sign-up',
    signedOut: true,
    open: async page => {
      await page.locator('button[type=submit]').click()
      await page.getByRole('alert').waitFor()
    },
  },
  { name: 'nothing-there', path: () => '/no/such/page', signedOut: true },
  { name: 'today', path: () => '/today' },
  { name: 'upcoming', path: () => '/upcoming' },
  { name: 'inbox', path: () => '/inbox' },
  { name: 'list', path: ({ lists }) => `/lists/${first(lists)}` },
  { name: 'tag', path: ({ tag }) => `/tags/${tag}` },
  { name: 'done', path: () => '/done' },
  { name: 'trash', path: () => '/trash' },
  { name: 'search', path: () => '/search?q=b' },
  { name: 'search-nothing', path: () => '/search?q=zzzz' },
  { name: 'account', path: () => '/account' },
  { name: 'palette', path: () => '/today', open: page => press(page, 'Control+k') },
  { name: 'shortcuts', path: () => '/today', open: page => press(page, '?') },
  {
    name: 'editor',
    path: () => '/today',
    open: async page => {
      await rows(page).nth(2).locator('.row-open').click()
      await dialog(page)
    },
  },
]

async function press(page: Page, keys: string): Promise<void> {
  await page.keyboard.press(keys)
  await dialog(page)
}

/** Goes there, and waits until it stands. */
export async function show(page: Page, state: State, furnished: Furnished): Promise<void> {
  await page.goto(state.path(furnished))
  await page.locator('main h1').waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
  await state.open?.(page)
  await page.evaluate(() => document.fonts.ready)
}
