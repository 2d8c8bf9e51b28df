// Pictures of every view: `npm run screenshots`.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { ENGLISH, furnish, GERMAN } from '../test/furnished.ts'
import { STATES, show } from '../test/page-states.ts'
import type { Product } from '../test/product.ts'
import { onStandalone, openProfile, PASSWORD, readOptions, signUpIn } from './standalone.ts'

const options = readOptions(
  `
npm run screenshots [-- --to=screenshots --only=today,editor]

Starts the product, furnishes an account through the API and takes a picture of every view, and of what opens above it:
light and dark, at 1280 and at 360 px, and in German at 360 px, into the folder --to. With all of them (no --only) it
also renews docs/page.png, the picture of the README.`,
  { to: 'screenshots', only: '' },
)

type Look = { width: number; theme: 'light' | 'dark'; language: 'en' | 'de' }

const LOOKS: Look[] = [
  ...[1280, 360].flatMap(width =>
    (['light', 'dark'] as const).map(theme => ({ width, theme, language: 'en' as const })),
  ),
  { width: 360, theme: 'light', language: 'de' },
]
const root = join(import.meta.dirname, '..')
const only = options.only.split(',').filter(name => name !== '')

/** One account a language: a person who has an address one can read. */
const accounts = new Map<string, Awaited<ReturnType<typeof furnish>>>()

await onStandalone(async server => {
  await mkdir(join(root, options.to), { recursive: true })
  for (const look of LOOKS) await takeAll(server, look)
  if (only.length === 0) await takeForReadme(server)
  return true
})

async function takeAll(server: Product, { width, theme, language }: Look): Promise<void> {
  await using profile = await open(server, width, theme, language)
  const name = `${width}-${theme}${language === 'de' ? '-de' : ''}`
  const states = STATES.filter(state => only.length === 0 || only.includes(state.name))
  const page = await profile.newPage()
  const nobody = { lists: {}, tasks: {}, tag: '' }
  const take = (state: string) => page.screenshot({ path: join(root, options.to, `${state}-${name}.png`) })
  for (const state of states.filter(({ signedOut }) => signedOut)) {
    await show(page, state, nobody)
    await take(state.name)
  }
  const furnished = await furnishFor(server, profile, language)
  for (const state of states.filter(({ signedOut }) => !signedOut)) {
    await show(page, state, furnished)
    await take(state.name)
  }
  console.log(`${states.length} pictures, ${name}`)
}

async function open(server: Product, width: number, colorScheme: 'light' | 'dark', language: 'en' | 'de') {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const viewport = { width, height: width === 360 ? 740 : 800 }
  return await openProfile(server, { viewport, colorScheme, locale, reducedMotion: 'reduce' })
}

async function furnishFor(server: Product, profile: BrowserContext, language: 'en' | 'de') {
  const email = language === 'de' ? 'ada@example.org' : 'ada@example.com'
  const known = accounts.get(language)
  if (known) {
    await profile.request.post('/api/auth/sign-in/email', { data: { email, password: PASSWORD } })
    return known
  }
  const person = await signUpIn(profile, email)
  const furnished = await furnish(server.url, person, language === 'de' ? GERMAN : ENGLISH)
  accounts.set(language, furnished)
  return furnished
}

async function takeForReadme(server: Product): Promise<void> {
  await using profile = await open(server, 1280, 'light', 'en')
  const furnished = await furnishFor(server, profile, 'en')
  const page = await profile.newPage()
  await show(page, STATES.find(({ name }) => name === 'today')!, furnished)
  await page.screenshot({ path: join(root, 'docs/page.png') })
}
