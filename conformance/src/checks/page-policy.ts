// §16, T-241: what a page's policy says, a browser must do.
import type { Check } from '../check.ts'

/** What an attacker would put into a page that takes text for markup: each tries to set `window.kitRan`. */
const INJECTIONS = {
  'a script element': `Object.assign(document.createElement('script'), { textContent: 'window.kitRan = 1' })`,
  'a handler in an attribute': `Object.assign(document.createElement('div'), { innerHTML: '<img src="data:," onerror="window.kitRan = 1">' })`,
  'a script of a data URL': `Object.assign(document.createElement('script'), { src: 'data:text/javascript,window.kitRan = 1' })`,
  'a link that is a program': `Object.assign(document.createElement('a'), { href: 'javascript:window.kitRan = 1' })`,
  'a frame that is a program': `Object.assign(document.createElement('iframe'), { src: 'javascript:parent.kitRan = 1' })`,
}
const BASE = `Object.assign(document.createElement('base'), { href: 'https://evil.example/' })`

/** Long enough for what was put in to run, if it does; trusted types (CSP 3) may not even let it be made. */
const attempt = (script: string) =>
  `(async () => { try { ${script} } catch {} await new Promise(resolve => setTimeout(resolve, 200)) })()`

export const checks: Check[] = [
  {
    rows: ['T-241'],
    needs: ['browser', 'issuer'],
    feature: 'pages',
    async run(kit) {
      const row = kit.row('T-241')
      for (const target of kit.profile.choices.pages)
        await kit.visit(null, async ({ page, faults }) => {
          const answer = await page.goto(target)
          row.is(answer?.status() === 200, `${target} opens with ${answer?.status() ?? 'nothing'}`)
          await page.waitForLoadState('networkidle')
          row.is(faults.length === 0, `${target} breaks its own policy: ${faults.join('; ')}`)
          for (const [what, element] of Object.entries(INJECTIONS)) {
            await page.evaluate(attempt(`const it = ${element}; document.body.append(it); it.click()`))
            row.is(!(await page.evaluate<boolean>('window.kitRan === 1')), `${target}: ${what} runs`)
            await page.evaluate('delete window.kitRan')
          }
          await page.evaluate(attempt(`document.head.prepend(${BASE})`))
          const base = await page.evaluate<string>('document.baseURI')
          row.is(!base.includes('evil.example'), `$target: a base element leads every link elsewhere`)
        })
    },
  },
]
