// The product as `npm start` runs it, in a data folder of its own, and Chromium before it: for what measures the page.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { type BrowserContext, type BrowserContextOptions, chromium } from 'playwright-core'
import { findChromium } from '../scripts/find-chromium.mjs'
import { createPlace, type Product, start } from '../test/product.ts'

export const PASSWORD = 'violet otter ladder'

/** Prints the help if it is asked for; otherwise the options given, over their defaults. */
export function readOptions<Defaults extends Record<string, string>>(
  help: string,
  defaults: Defaults,
): Defaults {
  const asked = Object.entries(defaults).map(
    ([name, value]) => [name, { type: 'string', default: value }] as const,
  )
  const options = { help: { type: 'boolean', default: false }, ...Object.fromEntries(asked) } as const
  const { help: wantsHelp, ...values } = parseArgs({ options }).values
  if (wantsHelp) {
    console.log(help.trim())
    process.exit(0)
  }
  return values as unknown as Defaults
}

/** Starts it, measures, stops it however it went. The exit code is 1 unless all that was promised held. */
export async function onStandalone(measure: (server: Product) => Promise<boolean>): Promise<void> {
  process.exitCode = 1
  const place = await createPlace()
  const env = { LOG_LEVEL: 'error', LIMIT_ATTEMPTS_PER_MINUTE: '1000000' }
  const server = await start(place, { env })
  try {
    const stopped = Promise.race(['SIGINT', 'SIGTERM'].map(signal => once(process, signal)))
    if (await Promise.race([measure(server), stopped.then(() => false)])) process.exitCode = 0
  } catch (error) {
    console.error(error)
  } finally {
    server.kill('SIGTERM')
    await server.exit
    await place.remove()
  }
}

export interface Person {
  id: string
  email: string
  token: string
}

/** A profile of its own; `port` opens it for another program, which then shares its cookies. */
export async function openProfile(
  { url }: Product,
  { port, ...options }: BrowserContextOptions & { port?: number } = {},
): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error('This needs Chromium: install it, or name its path in CHROMIUM')
  const args = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking']
  if (port) args.push(`--remote-debugging-port=${port}`)
  return await chromium.launchPersistentContext('', {
    executablePath,
    args,
    baseURL: url,
    locale: 'en-GB',
    ...options,
  })
}

/** Signs a new person up in that profile. */
export async function signUpIn(
  context: BrowserContext,
  email = `${randomUUID()}@example.com`,
): Promise<Person> {
  const answer = await context.request.post('/api/auth/sign-up/email', {
    data: { email, password: PASSWORD },
  })
  if (!answer.ok()) throw new Error(`sign-up: ${answer.status()} ${await answer.text()}`)
  const { user, access_token: token } = await answer.json()
  return { id: user.id, email, token }
}
