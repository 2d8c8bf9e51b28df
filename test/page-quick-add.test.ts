// Quick add in a real browser, as a person meets it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextWeekday } from '../web/src/calendar.ts'
import { addDays } from '../web/src/plain-dates.ts'
import { visit } from './browser.ts'
import { endSessions, PASSWORD, signUp } from './in-process.ts'
import { assertAccessible, browser, product } from './page-visit.ts'
import {
  beingThere,
  chips,
  enterToday,
  eventually,
  field,
  grammarIn,
  marks,
  paste,
  row,
  saved,
  savedTask,
  today,
  type,
} from './quick-adding.ts'

test('what is understood is marked in the line and shown as chips, and becomes the task', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Send the invoice to Lena tomorrow at 9 p1 #work /Garden every 2 weeks on tue')
    assert.deepEqual(await marks(page), [
      'tomorrow',
      'at 9',
      'p1',
      '#work',
      '/Garden',
      'every 2 weeks on tue',
    ])
    const shown = await chips(page)
    assert.match(shown[0]!, /09:00$/)
    assert.deepEqual(shown.slice(1), ['Every 2 weeks on Tuesday', 'Priority 1', 'New list: Garden', 'work'])
    await page.keyboard.press('Enter')
    await page
      .getByRole('link', { name: /Garden/ })
      .first()
      .waitFor()
    assert.equal(await field(page).inputValue(), '')
    assert.ok(await field(page).evaluate(element => element === document.activeElement))
    const task = await savedTask(person, 'Send the invoice to Lena')
    const date = nextWeekday(today(), 2)
    assert.match(task.due, new RegExp(`^${date}T09:00\\[.+\\]$`))
    assert.deepEqual(
      [task.priority, task.tags, task.recurrence],
      [1, ['work'], { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU', from: 'schedule' }],
    )
    const [list] = await saved(person, `/api/${person.id}/lists`)
    assert.deepEqual([list.id, list.name], [task.list, 'Garden'])
    assertClean()
  }))

test('the marks lie under their words however far the line has scrolled', () =>
  beingThere(async ({ page, assertClean }) => {
    await type(page, `${'A long way to go before '.repeat(8)}tomorrow`)
    const scrolled = await field(page).evaluate(element => element.scrollLeft)
    assert.ok(scrolled > 0)
    const layer = page.locator('.quick-add-marks > div')
    await eventually(() => layer.evaluate(element => element.style.translate), `${-scrolled}px`)
    // As wide as the text in the field: the same type in the same place.
    const widths = await page.evaluate(() => {
      const field = document.querySelector<HTMLInputElement>('.quick-add-input')!
      const layer = document.querySelector('.quick-add-marks > div')!
      const range = document.createRange()
      range.selectNodeContents(layer)
      return { field: field.scrollWidth, marks: range.getBoundingClientRect().width }
    })
    assert.ok(Math.abs(widths.field - widths.marks) < 3, JSON.stringify(widths))
    await page.keyboard.press('Home')
    await eventually(() => layer.evaluate(element => element.style.translate), '0px')
    assertClean()
  }))

test('the cross on a chip, or Backspace behind the words, turns them back into words for good', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Read the book Tomorrow p1')
    await page.getByRole('button', { name: 'Tomorrow: leave as words' }).click()
    await eventually(() => marks(page), ['p1'])
    assert.ok(await field(page).evaluate(element => element === document.activeElement))
    await page.keyboard.press('End')
    await page.keyboard.press('Backspace')
    await eventually(() => marks(page), [])
    assert.equal(await field(page).inputValue(), 'Read the book Tomorrow p1')
    await page.keyboard.type(' again')
    await page.keyboard.press('Home')
    await page.keyboard.type('To do: ')
    assert.deepEqual(await marks(page), [])
    assert.deepEqual(await chips(page), ['Today'])
    await page.keyboard.press('Enter')
    const task = await savedTask(person, 'To do: Read the book Tomorrow p1 again')
    assert.deepEqual([task.due, task.priority], [today(), 4])
    await type(page, 'Tomorrow')
    assert.deepEqual(await marks(page), ['Tomorrow'])
    assertClean()
  }))

test('nothing below the field moves while somebody types', () =>
  beingThere(async ({ page, assertClean }) => {
    await type(page, 'A first task')
    await page.keyboard.press('Enter')
    const first = row(page, 'A first task')
    await first.waitFor()
    // The row has come in; from here on it stays where it is.
    const place = async () => (await first.boundingBox())?.y
    await first.evaluate(element => Promise.all(element.getAnimations().map(animation => animation.finished)))
    const before = await place()
    const changes = await page.evaluateHandle(() => {
      const seen = { count: 0 }
      const watch = new MutationObserver(records => {
        seen.count += records.length
      })
      const list = document.querySelector('li[data-task]')!.parentElement!
      watch.observe(list, { attributes: true, characterData: true, childList: true, subtree: true })
      return seen
    })
    for (const word of [
      'Another ',
      'today ',
      'at 9 ',
      'p1 ',
      '#work ',
      '#',
      'home ',
      '/New ',
      'every day ',
      'x'.repeat(220),
    ]) {
      await page.keyboard.type(word)
      assert.equal(await place(), before, word)
    }
    assert.equal(await changes.evaluate(seen => seen.count), 0)
    assertClean()
  }))

test('the view gives its own date, list or tag, as a chip that can be taken away', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Due because of the view #fun')
    await eventually(() => chips(page), ['fun', 'Today'])
    await page.keyboard.press('Enter')
    assert.equal((await savedTask(person, 'Due because of the view')).due, today())
    await type(page, 'Not due')
    await page.getByRole('button', { name: 'Today: not for this task' }).click()
    await eventually(() => chips(page), [])
    await page.keyboard.press('Enter')
    await page.getByText('Added to Inbox').waitFor()
    assert.equal((await savedTask(person, 'Not due')).due, null)
    await page.goto('/tags/fun')
    await grammarIn(page)
    await type(page, 'Tagged by its place')
    await eventually(() => chips(page), ['fun'])
    await page.keyboard.press('Enter')
    assert.deepEqual((await savedTask(person, 'Tagged by its place')).tags, ['fun'])
    assertClean()
  }))

test('names are offered after # and /, chosen by the keys, and read as a combobox', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'One #garden #groceries /"Summer house"')
    await page.keyboard.press('Enter')
    await page
      .getByRole('link', { name: /Summer house/ })
      .first()
      .waitFor()
    await page.locator('a[href="/tags/groceries"]').first().waitFor()
    const combobox = page.getByRole('combobox', { name: 'Add a task' })
    await type(page, 'Two #g')
    const options = page.getByRole('option')
    await eventually(() => options.allTextContents(), ['garden', 'groceries'])
    assert.equal(await combobox.getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('ArrowDown')
    await page.getByRole('option', { name: 'groceries', selected: true }).waitFor()
    const active = await combobox.getAttribute('aria-activedescendant')
    assert.equal(await page.locator(`#${active}`).textContent(), 'groceries')
    await assertAccessible(page)
    await page.keyboard.press('Tab')
    await eventually(() => combobox.inputValue(), 'Two #groceries ')
    await page.keyboard.type('/summ')
    await page.getByRole('option', { name: 'Summer house' }).waitFor()
    await page.keyboard.press('Enter')
    await eventually(() => combobox.inputValue(), 'Two #groceries /Summer house ')
    assert.equal(await combobox.getAttribute('aria-expanded'), 'false')
    await page.keyboard.press('Enter')
    const task = await savedTask(person, 'Two')
    assert.deepEqual(task.tags, ['groceries'])
    assert.equal(task.list, (await savedTask(person, 'One')).list)
    await type(page, 'Three #g')
    await options.first().waitFor()
    await page.keyboard.press('Escape')
    await options.first().waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    assert.deepEqual((await savedTask(person, 'Three')).tags, ['g'])
    assertClean()
  }))

const LINES = `- [ ] Order seeds tomorrow #Garden
* [x] Sharpen the spade #garden
3) Call Ada every monday at 9 /Allotment

• Paint the fence /allotment p2
`

test('many pasted lines become many tasks after a look at them, with one undo for all', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await field(page).focus()
    await paste(page, LINES)
    const dialog = page.getByRole('dialog', { name: 'Add several tasks' })
    const preview = dialog.getByRole('region', { name: 'What will be added' }).getByRole('listitem')
    await eventually(() => preview.count(), 4)
    assert.match((await preview.nth(2).textContent())!, /Call Ada.*Monday, 09:00.*Every Monday/)
    await assertAccessible(page)
    await dialog.getByRole('button', { name: 'Add 4 tasks' }).click()
    await page.getByText('4 tasks added').waitFor()
    const seeds = await savedTask(person, 'Order seeds')
    const spade = await savedTask(person, 'Sharpen the spade')
    assert.deepEqual([seeds.tags, spade.tags], [['Garden'], ['Garden']])
    assert.deepEqual([seeds.completed, spade.completed], [false, true])
    assert.deepEqual([seeds.due, spade.due], [addDays(today(), 1), today()])
    const lists = await saved(person, `/api/${person.id}/lists`)
    assert.deepEqual(
      lists.map(list => list.name),
      ['Allotment'],
    )
    assert.equal((await savedTask(person, 'Paint the fence')).list, lists[0].id)
    await page.getByRole('button', { name: 'Undo' }).click()
    await eventually(async () => (await saved(person)).length, 0)
    await eventually(async () => (await saved(person, `/api/${person.id}/lists`)).length, 0)
    assertClean()
  }))

test('pasted lines that are too long are named, kept over a reload, and can be mended', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await field(page).focus()
    await paste(page, `Short\n\n${'a'.repeat(203)}`)
    const dialog = page.getByRole('dialog', { name: 'Add several tasks' })
    await dialog.getByRole('button', { name: 'Add 2 tasks' }).click()
    await dialog.getByText('Line 3 is 3 characters too long').waitFor()
    await page.reload()
    await dialog.getByLabel('One task per line').fill('Short\nMended')
    await dialog.getByRole('button', { name: 'Add 2 tasks' }).click()
    await dialog.waitFor({ state: 'detached' })
    await savedTask(person, 'Mended')
    assert.equal((await saved(person)).length, 2)
    await page.reload()
    await row(page, 'Mended').waitFor()
    assert.equal(await dialog.count(), 0)
    assertClean()
  }))

test('a title that is too long, or missing, is said and nothing is lost', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, `${'b'.repeat(212)} tomorrow`)
    await page.getByText('The title is 12 characters too long.').waitFor()
    await page.keyboard.press('Enter')
    assert.equal((await field(page).inputValue()).length, 221)
    await field(page).fill('tomorrow p1')
    await page.keyboard.press('Enter')
    await page.getByText('Say what needs doing, too.').waitFor()
    assert.equal(await field(page).inputValue(), 'tomorrow p1')
    assert.deepEqual(await saved(person), [])
    assertClean()
  }))

test('a draft survives a reload and an ended session, words and all, and nobody else sees it', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Think about tomorrow p2')
    await page.getByRole('button', { name: 'Tomorrow: leave as words' }).click()
    await eventually(() => marks(page), ['p2'])
    await page.reload()
    await eventually(() => field(page).inputValue(), 'Think about tomorrow p2')
    await eventually(() => marks(page), ['p2'])
    await endSessions(product, person.email)
    await page.reload()
    await page.locator('input[type=password]').waitFor()
    await enterToday(page, person.email)
    assert.equal(await field(page).inputValue(), 'Think about tomorrow p2')
    await endSessions(product, person.email)
    await page.reload()
    await page.locator('input[type=password]').waitFor()
    const other = await signUp(product)
    await enterToday(page, other.email)
    assert.equal(await field(page).inputValue(), '')
    assertClean([401])
  }))

test('what is typed before the grammar has come is words until it is there', () =>
  beingThere(async ({ page, assertClean }) => {
    let release = () => {}
    const released = new Promise<void>(resolve => {
      release = resolve
    })
    await page.route(/understanding-.*\.js/, async route => {
      await released
      await route.continue()
    })
    await page.reload()
    await field(page).waitFor()
    await type(page, 'Water the plants tomorrow')
    assert.equal(await field(page).inputValue(), 'Water the plants tomorrow')
    assert.deepEqual(await marks(page), [])
    release()
    await eventually(() => marks(page), ['tomorrow'])
    assertClean()
  }))

test('a new list is made once however often Enter is pressed, and when it cannot be made it waits with its task', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Rake the leaves /Autumn')
    for (const _ of [1, 2, 3]) await page.keyboard.press('Enter')
    await savedTask(person, 'Rake the leaves')
    await eventually(() => field(page).inputValue(), '')
    assert.equal((await saved(person)).length, 1)
    assert.equal((await saved(person, `/api/${person.id}/lists`)).length, 1)
    await page.route('**/lists/*', route => route.abort())
    await type(page, 'Plant bulbs /Winter')
    await page.keyboard.press('Enter')
    await page.getByText('2 changes not saved yet').waitFor()
    assert.equal(await field(page).inputValue(), '')
    await page.unroute('**/lists/*')
    const { list } = await savedTask(person, 'Plant bulbs')
    const lists = await saved(person, `/api/${person.id}/lists`)
    assert.equal(lists.find(({ id }) => id === list)?.name, 'Winter')
    assertClean([0])
  }))

test('with a backend of the core alone a line is its words, and many lines are still many tasks', async () => {
  const person = await signUp(product)
  const { page, context, assertClean, close } = await visit(browser, product)
  try {
    await context.route('**/config.json', async route => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), features: [] } })
    })
    await page.goto('/sign-in')
    await page.locator('input[type=email]').fill(person.email)
    await page.locator('input[type=password]').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByRole('textbox', { name: 'Add a task' }).waitFor()
    await type(page, 'Call Ada tomorrow p1 #work')
    await page.keyboard.press('Enter')
    assert.equal((await savedTask(person, 'Call Ada tomorrow p1 #work')).due, null)
    await paste(page, '- one tomorrow\n- two')
    await page.getByRole('button', { name: 'Add 2 tasks' }).click()
    await savedTask(person, 'one tomorrow')
    assert.equal(await page.locator('.quick-mark').count(), 0)
    assertClean()
  } finally {
    await close()
  }
})

test('Shift+Enter adds the task and opens it', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await type(page, 'Plan the journey p3')
    await page.keyboard.press('Shift+Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await eventually(() => dialog.getByLabel('Title').inputValue(), 'Plan the journey')
    assert.equal((await savedTask(person, 'Plan the journey')).priority, 3)
    assertClean()
  }))

test('the keyboard alone goes from sign-up to a recurring task', async () => {
  const there = await visit(browser, product)
  const { page } = there
  try {
    await page.goto('/sign-up')
    await page.locator('input[type=email]').waitFor()
    const isOn = (selector: string) =>
      page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)
    for (let presses = 0; !(await isOn('input[type=email]')); presses++) {
      assert.ok(presses < 30, 'Tab never reaches the email')
      await page.keyboard.press('Tab')
    }
    await page.keyboard.type('keyboard@example.com')
    for (let presses = 0; !(await isOn('input[type=password]')); presses++) {
      assert.ok(presses < 30, 'Tab never reaches the password')
      await page.keyboard.press('Tab')
    }
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press('Enter')
    await grammarIn(page)
    await page.keyboard.press('q')
    await page.keyboard.type('Water the plants every 3 days')
    await page.keyboard.press('Enter')
    const added = row(page, 'Water the plants')
    await added.waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    await page.keyboard.press('t')
    await page.getByRole('dialog', { name: 'Due date' }).waitFor()
    await page.keyboard.type('every last workday of the month')
    await page.getByText('Every month on the last workday').first().waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: 'Due date' }).waitFor({ state: 'detached' })
    await page.getByText(/^Due /).waitFor()
    there.assertClean()
  } finally {
    await there.close()
  }
})

test('German says all of it in German, on a phone, and tells that the grammar is English', () =>
  beingThere(
    async ({ page, assertClean }) => {
      await field(page).focus()
      await page.getByText(/^Angaben auf Englisch/).waitFor()
      await type(page, 'Miete zahlen every month on the 15th at 14:30 p1')
      const shown = await chips(page)
      assert.match(shown[0]!, /14:30$/)
      assert.deepEqual(shown.slice(1), ['Jeden Monat am 15.', 'Priorität 1'])
      await page.getByRole('button', { name: 'Priorität 1: als Wörter stehen lassen' }).waitFor()
      await assertAccessible(page)
      await field(page).fill('')
      await paste(page, 'Eins\nZwei tomorrow')
      await page.getByRole('button', { name: '2 Aufgaben hinzufügen' }).click()
      await page.getByText('2 Aufgaben hinzugefügt').waitFor()
      await row(page, 'Eins').locator('.row-title').focus()
      await page.keyboard.press('t')
      await page.getByRole('dialog', { name: 'Fälligkeit' }).waitFor()
      await page.getByRole('button', { name: 'Nächste Woche' }).waitFor()
      await assertAccessible(page)
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      assert.ok(overflow <= 0, `${overflow} px too wide`)
      assertClean()
    },
    { width: 360, height: 740, locale: 'de-DE' },
  ))
