import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { launchBrowser, type Visit, visit } from './browser.ts'
import { ENGLISH, type Furnished, furnish, GERMAN } from './furnished.ts'
import { PASSWORD, type Person, type Product, signUp, startProduct } from './in-process.ts'
import { STATES, type State, show } from './page-states.ts'

let browser: Browser
let product: Product
let reader: { person: Person; furnished: Furnished }
let leser: { person: Person; furnished: Furnished }
before(async () => {
  browser = await launchBrowser()
  product = await startProduct()
  const account = async (words: typeof ENGLISH) => {
    const person = await signUp(product)
    return { person, furnished: await furnish(product.url, person, words) }
  }
  reader = await account(ENGLISH)
  leser = await account(GERMAN)
})
after(async () => {
  await browser.close()
  await product.close()
})

type Look = {
  width: number
  height?: number
  theme?: 'light' | 'dark'
  language?: 'en' | 'de'
  /** Settings of a device that the page has to follow. */
  device?: Parameters<Page['emulateMedia']>[0]
}

/** Every state of the page in turn, in one look. */
async function throughAll({ width, height = 800, theme, language = 'en', device }: Look, look: Looking) {
  const { person, furnished } = language === 'de' ? leser : reader
  const there = await visit(browser, product, { width, height })
  try {
    await there.page.emulateMedia({ reducedMotion: 'reduce', colorScheme: theme, ...device })
    await there.context.addInitScript(choice => localStorage.setItem('latchkey:language', choice), language)
    for (const state of STATES.filter(({ signedOut }) => signedOut))
      await showThen(there, state, furnished, look)
    await there.context.request.post('/api/auth/sign-in/email', {
      data: { email: person.email, password: PASSWORD },
      headers: { origin: product.url },
    })
    for (const state of STATES.filter(({ signedOut }) => !signedOut))
      await showThen(there, state, furnished, look)
    there.assertClean()
  } finally {
    await there.close()
  }
}

type Looking = (page: Page, name: string) => Promise<void>

async function showThen({ page }: Visit, state: State, furnished: Furnished, look: Looking): Promise<void> {
  await show(page, state, furnished)
  await look(page, state.name)
}

for (const width of [360, 1280]) {
  for (const theme of ['light', 'dark'] as const) {
    test(`axe finds nothing in any view at ${width} px, ${theme}`, () =>
      throughAll({ width, theme }, async (page, name) => {
        const { violations } = await new AxeBuilder({ page: page as never }).analyze()
        const found = violations.map(({ id, nodes }) => [name, id, nodes.map(node => node.html)])
        assert.deepEqual(found, [])
      }))
  }
}

const overflow = (page: Page) =>
  page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.scrollingElement!
    const isHidden = (element: Element) => element.closest('.sr-only, [aria-hidden=true]') !== null
    const beyond = [...document.querySelectorAll('body *')].filter(element => {
      const { left, right, width } = element.getBoundingClientRect()
      return width > 1 && !isHidden(element) && (right > innerWidth + 1 || left < -1)
    })
    return {
      sideways: scrollWidth > clientWidth,
      beyond: beyond.map(element => `${element.tagName}.${element.className}`).slice(0, 4),
    }
  })

test('nothing is reached by scrolling sideways at 320 px, nor with text twice as large', async () => {
  const fits: Looking = async (page, name) => {
    assert.deepEqual({ name, ...(await overflow(page)) }, { name, sideways: false, beyond: [] })
  }
  await throughAll({ width: 320 }, fits)
  await throughAll({ width: 320, height: 900 }, async (page, name) => {
    await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'))
    await fits(page, `${name}, text at 200 %`)
  })
})

/** What a person reads or hears, but for what they wrote themselves. */
const wordsOf = (page: Page) =>
  page.evaluate(() => {
    const attributes = ['aria-label', 'title', 'placeholder', 'alt']
    const elements = [...document.body.querySelectorAll('*')].filter(
      element => !element.closest('script, [data-task], [lang=en], textarea'),
    )
    const texts = elements.flatMap(element => [
      ...[...element.childNodes].filter(node => node.nodeType === 3).map(node => node.textContent ?? ''),
      ...attributes.map(name => element.getAttribute(name) ?? ''),
    ])
    return texts.map(text => text.trim()).filter(text => text !== '')
  })

test('German at 360 px: all of it is German, and nothing is cut off', async () => {
  const english = await englishOnly()
  await throughAll({ width: 360, language: 'de' }, async (page, name) => {
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'de')
    const left = (await wordsOf(page)).filter(text => english.has(text))
    assert.deepEqual(
      { name, left, ...(await overflow(page)) },
      { name, left: [], sideways: false, beyond: [] },
    )
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, label, h1, h2, legend, summary')]
        .filter(element => element.scrollWidth > element.clientWidth + 1 && !element.closest('.sr-only'))
        .filter(element => getComputedStyle(element).display !== 'inline')
        .map(element => `${element.tagName}.${element.className}: ${element.textContent}`),
    )
    assert.deepEqual({ name, cut }, { name, cut: [] })
  })
})

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
    await there.context.addInitScript(() => localStorage.setItem('latchkey:language', 'de'))
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
  const { page, context } = there
  try {
    await context.request.post('/api/auth/sign-in/email', {
      data: { email: reader.person.email, password: PASSWORD },
      headers: { origin: product.url },
    })
    await page.goto('/account')
    await page.getByRole('radio', { name: 'Deutsch' }).check()
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor()
    assert.equal(await page.title(), 'Konto · Latchkey')
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('value')), 'de')
    await page.reload()
    await page.getByRole('heading', { name: 'Konto', level: 1 }).waitFor()
    await page.getByRole('group', { name: 'Sprache' }).getByRole('radio', { name: 'System' }).check()
    await page.getByRole('heading', { name: 'Account', level: 1 }).waitFor()
    there.assertClean()
  } finally {
    await there.close()
  }
})

test('forced colours leave ticks, choices and what is selected to be seen', async () => {
  await throughAll({ width: 1280, device: { forcedColors: 'active' } }, async (page, name) => {
    const unseen = await page.evaluate(() => {
      const seen = (element: Element) => {
        const { borderTopWidth, outlineStyle, appearance } = getComputedStyle(element)
        return Number.parseFloat(borderTopWidth) > 0 || outlineStyle !== 'none' || appearance === 'auto'
      }
      const marks = '.check, .switch, .segment:has(:checked), [aria-current=page], .btn'
      return [...document.querySelectorAll(marks)]
        .filter(element => element.getBoundingClientRect().width > 0 && !seen(element))
        .map(element => element.className)
    })
    assert.deepEqual({ name, unseen }, { name, unseen: [] })
  })
})

test('nothing moves where motion is not wanted', () =>
  throughAll({ width: 1280 }, async (page, name) => {
    const moving = await page.evaluate(() =>
      document
        .getAnimations()
        .filter(({ effect }) => Number(effect?.getComputedTiming().duration) > 20)
        .map(
          animation =>
            (animation as CSSAnimation).animationName ?? (animation as CSSTransition).transitionProperty,
        ),
    )
    assert.deepEqual({ name, moving }, { name, moving: [] })
  }))

test('the page may make no script of a text: trusted types are asked for', async () => {
  const answer = await fetch(`${product.url}/sign-in`, { headers: { accept: 'text/html' } })
  assert.match(answer.headers.get('content-security-policy') ?? '', /require-trusted-types-for 'script'/)
})

test('no style of the page names a left or a right', () => {
  const cwd = join(import.meta.dirname, '../web/src')
  const read = (file: string) => readFileSync(join(cwd, file), 'utf8')
  const styles = globSync('**/*.css', { cwd }).flatMap(file => {
    const physical =
      /^\s*((margin|padding|border|inset|scroll-margin|scroll-padding)-)?(left|right)\b.*:|(text-align|float|clear):\s*(left|right)|^\s*(inset|margin|padding): \S+ (\S+) \S+ (?!\7;)\S+;/gm
    return [...read(file).matchAll(physical)].map(([line]) => `${file}: ${line.trim()}`)
  })
  const classes = globSync('**/*.tsx', { cwd }).flatMap(file => {
    const physical =
      /[\s"'`:-]((?:ml|mr|pl|pr|left|right|border-l|border-r|rounded-(?:l|r|tl|tr|bl|br)|scroll-m[lr]|scroll-p[lr])-[\w[]|(?:text|float|clear)-(?:left|right)\b)/g
    return [...read(file).matchAll(physical)].map(([, name]) => `${file}: ${name}`)
  })
  assert.deepEqual([...styles, ...classes], [])
})
