// §12, T-192: what people type is text on the page, whatever it looks like.
import type { Check } from '../check.ts'
import { makeTask } from './own-tasks.ts'

const WAIT = 10_000

export const checks: Check[] = [
  {
    rows: ['T-192'],
    needs: ['browser', 'fresh-users'],
    feature: 'pages',
    async run(kit) {
      const user = await kit.freshUser()
      const word = `kit${kit.random.text(8)}`
      const titles = [
        `<script data-kit>window.kitRan = 1</script> ${word} script`,
        `<img data-kit src=x onerror="window.kitRan = 1"> ${word} image`,
        `<svg data-kit onload="window.kitRan = 1"> ${word} drawing`,
        `"><b data-kit>${word}</b> bold`,
        `<a data-kit href="javascript:window.kitRan = 1">${word}</a> link`,
        `{{constructor.constructor('window.kitRan = 1')()}} ${word} template`,
      ]
      for (const title of titles) await makeTask(kit, user, { [kit.profile.task.title]: title })
      await kit.visit(user.session, async ({ page, faults }) => {
        await page.goto(kit.profile.choices.taskPage)
        const end = Date.now() + WAIT
        const shown = () => page.evaluate<string>('document.body.innerText')
        const isThere = async () => (await shown()).includes(`${word} template`)
        while (!(await isThere()) && Date.now() < end) kit.signal.throwIfAborted()
        const text = await shown()
        const row = kit.row('T-192')
        for (const title of titles)
          row.is(text.includes(title), `the page does not show ${title} as it was typed`)
        row.is((await page.evaluate('window.kitRan')) === undefined, 'a title ran as a program')
        const made = await page.evaluate<number>("document.querySelectorAll('[data-kit]').length")
        row.is(made === 0, `${made} elements were made of titles`)
        row.is(faults.length === 0, `the page broke its policy: ${faults.join('; ')}`)
      })
    },
  },
]
