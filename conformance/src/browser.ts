// A real Chromium for the rows about pages. `playwright-core` is not a dependency of the kit: whoever has pages to
// judge installs it beside the kit, and `CHROMIUM` names the browser.
import type { Session } from './accounts.ts'
import { KitFault } from './faults.ts'

/** The part of Playwright's page that checks use. */
export interface Page {
  goto(url: string): Promise<{ status(): number; headers(): Record<string, string> } | null>
  content(): Promise<string>
  // biome-ignore lint/suspicious/noExplicitAny: whatever the page says.
  evaluate<Result = any>(expression: string): Promise<Result>
  waitForSelector(selector: string, options?: { timeout?: number }): Promise<unknown>
  waitForLoadState(state: 'load' | 'networkidle'): Promise<void>
  fill(selector: string, text: string): Promise<void>
  click(selector: string): Promise<void>
  press(selector: string, key: string): Promise<void>
  url(): string
}

/** One tab of its own; relative URLs are the issuer's. */
export interface Visit {
  page: Page
  /** Policies that were broken, dialogs that opened, scripts that failed. */
  faults: string[]
}

export interface BrowserSource {
  visit<Result>(session: Session | null, work: (visit: Visit) => Promise<Result>): Promise<Result>
  close(): Promise<void>
}

const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']

/** Started by the first visit. */
export function createBrowserSource(baseURL: string): BrowserSource {
  // biome-ignore lint/suspicious/noExplicitAny: the package may not be there to take types from.
  let browser: Promise<any> | undefined
  return {
    async visit(session, work) {
      browser ??= launch()
      const context = await (await browser).newContext({ baseURL, ignoreHTTPSErrors: true })
      try {
        if (session) await context.addCookies(cookiesOf(session, baseURL))
        return await work(await openTab(context))
      } finally {
        await context.close()
      }
    },
    close: async () => void (await (await browser)?.close()),
  }
}

async function launch() {
  const executablePath = process.env.CHROMIUM
  if (!executablePath) throw new KitFault('a check that visits pages needs "browser"')
  // A name in a variable: the compiler must not look for what may not be there.
  const name = 'playwright-core'
  const { chromium } = await import(name)
  return await chromium.launch({ executablePath, args: ARGUMENTS })
}

// biome-ignore lint/suspicious/noExplicitAny: a browser context of the package above.
async function openTab(context: any): Promise<Visit> {
  const faults: string[] = []
  await context.exposeFunction('reportViolation', (text: string) => faults.push(text))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      // biome-ignore lint/suspicious/noExplicitAny: put there one line above.
      ;(globalThis as any).reportViolation(`CSP: ${violatedDirective} ${blockedURI}`)
    })
  })
  const page = await context.newPage()
  page.on('pageerror', (error: Error) => faults.push(`script: ${error.message}`))
  page.on('dialog', async (dialog: { message(): string; dismiss(): Promise<void> }) => {
    faults.push(`dialog: ${dialog.message()}`)
    await dialog.dismiss()
  })
  return { page, faults }
}

function cookiesOf({ cookies }: Session, url: string) {
  const secure = url.startsWith('https:')
  return [...cookies].map(([name, value]) => {
    // Chromium holds `__Host-` to what the name promises, on loopback too.
    const isHost = name.startsWith('__Host-') || name.startsWith('__Secure-')
    return { name, value, url: isHost ? url.replace(/^http:/, 'https:') : url, secure: secure || isHost }
  })
}
