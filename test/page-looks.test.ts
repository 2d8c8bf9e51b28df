import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { BrowserContext, Page } from 'playwright-core'
import { type Visit, visit } from './browser.ts'
import { ENGLISH, type Furnished, furnish, GERMAN } from './furnished.ts'
import { PASSWORD, type Person, signUp } from './in-process.ts'
import { STATES, type State, show } from './page-states.ts'
import { browser, product } from './page-visit.ts'

type Reader = { person: Person; furnished: Furnished }

let made: Promise<Reader> | undefined
/** One account for all that reads English. */
const english = () => {
  made ??= account(ENGLISH)
  return made
}

async function account(words: typeof ENGLISH): Promise<Reader> {
  const person = await signUp(product)
  return { person, furnished: await furnish(product.url, person, words) }
}

async function signInTo({ context }: Visit, { person }: Reader): Promise<void> {
  const data = { email: person.email, password: PASSWORD }
  await context.request.post('/api/auth/sign-in/email', { data, headers: { origin: product.url } })
}

/** A frame that axe looks through has no storage. */
const choose = (context: BrowserContext, language: string) =>
  context.addInitScript(choice => {
    if (origin !== 'null') localStorage.setItem('latchkey:language', choice)
  }, language)

/** What is wrong with a state in the look the page has now. */
type Looking = (page: Page) => Promise<string[]>

/** Every state of the page in turn, with all that is wrong in any of them. */
async function throughAll(language: 'en' | 'de', reader: Reader, look: Looking): Promise<string[]> {
  const there = await visit(browser, product)
  const { page, context } = there
  const found: string[] = []
  const lookAt = async (state: State) => {
    await page.setViewportSize({ width: 1280, height: 800 })
    await show(page, state, reader.furnished)
    found.push(...(await look(page)).map(fault => `${state.name}: ${fault}`))
  }
  try {
    await page.emulateMedia({ reducedMotion: 'reduce' })
    await choose(context, language)
    for (const state of STATES.filter(({ signedOut }) => signedOut)) await lookAt(state)
    await signInTo(there, reader)
    for (const state of STATES.filter(({ signedOut }) => !signedOut)) await lookAt(state)
    // Of the page that is not there.
    there.assertClean([404])
  } finally {
    await there.close()
  }
  return found
}

test('axe finds nothing in any view, in both themes, at 360 and at 1280 px', async () => {
  const found = await throughAll('en', await english(), async page => {
    const faults: string[] = []
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = await new AxeBuilder({ page: page as never }).setLegacyMode(true).analyze()
        const lines = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ html }) => `${id} ${html.slice(0, 160)}`),
        )
        faults.push(...lines.map(line => `${width} px, ${colorScheme}: ${line}`))
      }
    }
    return faults
  })
  assert.deepEqual(found, [])
})

test('nothing is reached by scrolling sideways at 320 px nor with text twice as large; forced colours and stillness', async () => {
  const found = await throughAll('en', await english(), async page => {
    await page.setViewportSize({ width: 320, height: 800 })
    const narrow = await beyondTheEdge(page)
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    const large = (await beyondTheEdge(page)).map(fault => `text at 200 %: ${fault}`)
    await page.emulateMedia({ forcedColors: 'active' })
    const unseen = await unseenMarks(page)
    await page.emulateMedia({ forcedColors: 'none' })
    return [...narrow, ...large, ...unseen, ...(await motion(page))]
  })
  assert.deepEqual(found, [])
})

const beyondTheEdge = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement!
    const isHidden = (element: Element) => element.closest('.sr-only, [aria-hidden=true]') !== null
    const beyond = [...document.querySelectorAll('body *')].filter(element => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && !isHidden(element) && (right > innerWidth + 1 || left < -1)
    })
    const names = beyond
      .slice(0, 3)
      .map(element => `beyond the edge: ${element.tagName}.${element.className}`)
    return scrollWidth > clientWidth ? ['scrolls sideways', ...names] : names
  })

const unseenMarks = (page: Page) =>
  page.evaluate(() => {
    const isSeen = (element: Element) => {
      const { borderTopWidth, outlineStyle, appearance } = getComputedStyle(element)
      return Number.parseFloat(borderTopWidth) > 0 || outlineStyle !== 'none' || appearance === 'auto'
    }
    return [
      ...document.querySelectorAll('.check, .switch, .segment:has(:checked), [aria-current=page], .btn'),
    ]
      .filter(element => element.getBoundingClientRect().width > 1 && !isSeen(element))
      .map(element => `unseen in forced colours: ${element.className}`)
  })

const motion = (page: Page) =>
  page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 20)
      .map(animation => `moves: ${(animation as CSSAnimation).animationName ?? animation.id}`),
  )

test('German at 360 px: all of it is German, and nothing is cut off', async () => {
  const untranslated = await englishOnly()
  const found = await throughAll('de', await account(GERMAN), async page => {
    await page.setViewportSize({ width: 360, height: 800 })
    const language = await page.evaluate(() => document.documentElement.lang)
    const left = (await wordsOf(page)).filter(text => untranslated.has(text))
    return [
      ...(language === 'de' ? [] : [`the language is ${language}`]),
      ...left.map(text => `English: ${text}`),
      ...(await beyondTheEdge(page)),
      ...(await cutOff(page)),
    ]
  })
  assert.deepEqual(found, [])
})

/** What a person reads or hears, but for what they wrote themselves. */
const wordsOf = (page: Page) =>
  page.evaluate(() => {
    const elements = [...document.body.querySelectorAll('*')].filter(
      element => !element.closest('script, [data-task], [lang=en], textarea'),
    )
    const texts = elements.flatMap(element => [
      ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent ?? ''),
      ...['aria-label', 'title', 'placeholder', 'alt'].map(name => element.getAttribute(name) ?? ''),
    ])
    return texts.map(text => text.trim()).filter(text => text !== '')
  })

const cutOff = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('button, a, label, h1, h2, legend, summary')]
      .filter(element => element.scrollWidth > element.clientWidth + 1 && !element.closest('.sr-only'))
      .filter(element => getComputedStyle(element).display !== 'inline' && element.clientWidth > 1)
      .map(element => `cut off: ${element.tagName}.${element.className} ${element.textContent}`),
  )

/** Every English text that has another German one. */
async function englishOnly(): Promise<Set<string>> {
  const source = join(import.meta.dirname, '../web/src')
  const { catalogue } = await import('../web/src/messages.ts')
  const { german } = await import('../web/src/german.ts')
  for (const file of globSync('**/*texts.ts', { cwd: source })) await import(join(source, file))
  const textsOf = (areas: object) =>
    Object.values(areas).flatMap(area => Object.values(area).filter(text => typeof text === 'string'))
  const same = new Set(textsOf(german))
  return new Set(textsOf(catalogue.en ?? {}).filter(text => !same.has(text)))
}

test('without its German the page is English, whole', async () => {
  const there = await visit(browser, product)
  try {
    await choose(there.context, 'de')
    await there.context.route('**/assets/german-*', route => route.abort())
    await there.page.goto('/sign-in')
    await there.page.getByRole('heading', { name: 'Welcome back' }).waitFor()
    assert.equal(await there.page.evaluate(() => document.documentElement.lang), 'en')
    there.assertClean([0])
  } finally {
    await there.close()
  }
})

test('a language is chosen on the account page, at once and for the next visit; the system’s is the default', async () => {
  const there = await visit(browser, product)
  const { page } = there
  try {
    await signInTo(there, await english())
    await page.goto('/account')
    await page.getByText('Deutsch', { exact: true }).click()
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor()
    assert.equal(await page.title(), 'Konto · Latchkey')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('value')), 'de')
    await page.reload()
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor()
    await page.getByRole('group', { name: 'Sprache' }).getByText('System').click()
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor()
    there.assertClean()
  } finally {
    await there.close()
  }
})

test('the page may make no script of a text: trusted types are asked for', async () => {
  const answer = await fetch(`${product.url}/sign-in`, { headers: { accept: 'text/html' } })
  assert.match(answer.headers.get('content-security-policy') ?? '', /require-trusted-types-for 'script'/)
})

test('no style of the page names a left or a right', () => {
  const cwd = join(import.meta.dirname, '../web/src')
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8')
  const styles = globSync('**/*.css', { cwd }).flatMap(file => {
    const physical =
      /^\s*((margin|padding|border|inset|scroll-margin|scroll-padding)-)?(left|right)\b.*:|(text-align|float|clear):\s*(left|right)|^\s*(inset|margin|padding): [^\s(]+ ([^\s(]+) [^\s(]+ (?!\7;)[^\s(]+;/gm
    return [...read(file).matchAll(physical)].map(([line]) => `${file}: ${line.trim()}`)
  })
  const classes = globSync('**/*.tsx', { cwd }).flatMap(file => {
    const physical =
      /[\s"'`:-]((?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-(?:l|r|tl|tr|bl|br)|scroll-m[lr]|scroll-p[lr])-[\w[]|(?:text|float|clear)-(?:left|right)\b)/g
    return [...read(file).matchAll(physical)].map(([, name]) => `${file}: ${name}`)
  })
  assert.deepEqual([...styles, ...classes], [])
})
