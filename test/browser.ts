// A real Chromium for the page's tests. What the page must never cause (a CSP violation, an error in the console)
// is collected all the time, and `assertClean` says it.
import assert from 'node:assert/strict'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import type { Product } from './in-process.ts'

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM
  assert.ok(executablePath, 'CHROMIUM names the browser; npm test sets it')
  return await chromium.launch({ executablePath, args: ARGUMENTS })
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Fails when the page broke its policy or wrote an error; `provoked` lists the statuses the test asked for. */
  assertClean(provoked?: number[]): void
  close(): Promise<void>
}

/** With `hasTouch` it is a phone: a coarse pointer that does not hover. */
export type Screen = { width?: number; height?: number; locale?: string; hasTouch?: boolean }

/** One browser profile with one tab. */
export async function visit(
  browser: Browser,
  product: Pick<Product, 'url'>,
  { width = 1280, height = 800, locale = 'en-GB', hasTouch = false }: Screen = {},
): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: product.url,
    viewport: { width, height },
    hasTouch,
    isMobile: hasTouch,
    locale,
  })
  const faults: string[] = []
  await context.exposeFunction('reportViolation', (text: string) => faults.push(text))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', event => {
      const report = (globalThis as unknown as { reportViolation(text: string): void }).reportViolation
      report(`CSP: ${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  context.on('console', message => {
    if (message.type() === 'error') faults.push(message.text())
  })
  context.on('weberror', error => faults.push(String(error.error())))
  const page = await context.newPage()
  return {
    page,
    context,
    assertClean(provoked = []) {
      // 503 is what a busy machine may say: the page waits as it is told, and asks again.
      const known = [503, ...provoked]
      const unexpected = faults.filter(fault => !known.some(status => isNetworkLine(fault, status)))
      assert.deepEqual(unexpected, [])
    },
    close: () => context.close(),
  }
}

/** The browser's own line about an answer, or about no answer at all (0). */
function isNetworkLine(fault: string, status: number): boolean {
  if (status === 0) return /^Failed to load resource: net::ERR_/.test(fault)
  return fault.startsWith(`Failed to load resource: the server responded with a status of ${status}`)
}
