// The editor, editing in place, and subtasks, as a person meets them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Visit } from './browser.ts'
import { call, endSessions, PASSWORD, signIn } from './in-process.ts'
import { createPagePerson, type PagePerson, rowOf } from './page-person.ts'
import { assertAccessible, product } from './page-visit.ts'

const PHONE = { width: 360, height: 740 }
const editorOf = (page: Page) => page.getByRole('dialog', { name: 'Edit task' })
const titleOf = (page: Page) => editorOf(page).getByLabel('Title', { exact: true })
const saveButton = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })
const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).click()
const fits = (page: Page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)

/** What the server has, as soon as it is what the test waits for. */
async function serverHas(her: PagePerson, path: string, what: (answer: never) => boolean): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (what((await her.ask('GET', path)) as never)) return
    await new Promise(resolve => setTimeout(resolve, 25))
  }
  assert.fail(`${path}: ${JSON.stringify(await her.ask('GET', path))} does not fulfil ${what}`)
}

async function at(
  path: (id: string) => string,
  work: (there: Visit, her: PagePerson, id: string) => Promise<void>,
  { task = {}, size }: { task?: object; size?: { width: number; height: number } } = {},
) {
  const her = await createPagePerson()
  const { id } = await her.addTask({ title: 'Book dentist', ...task })
  const there = await her.open(path(id), size)
  try {
    await work(there, her, id)
  } finally {
    await there.close()
  }
}
const inEditor = (id: string) => `/inbox?task=${id}`
const inList = () => '/inbox'

test('everything about a task is changed in one dialog, saved as one change and undone as one', () =>
  at(inList, async ({ page, assertClean }, her, id) => {
    await her.addList('House', 'teal')
    await page.reload()
    await page.getByRole('button', { name: 'Open Book dentist' }).click()
    await titleOf(page).fill('Book the dentist')
    await editorOf(page).getByLabel('Description').fill('Ask about Friday')
    await editorOf(page).getByRole('button', { name: /^Date/ }).click()
    await page.getByRole('button', { name: /^Tomorrow/ }).click()
    await editorOf(page).getByLabel('Repeat').selectOption({ label: 'Every day' })
    await editorOf(page).getByText('High', { exact: true }).click()
    await editorOf(page).getByLabel('List').selectOption({ label: 'House' })
    await editorOf(page).getByRole('combobox', { name: 'Tags' }).fill('health')
    await page.keyboard.press('Enter')
    const requests: string[] = []
    page.on('request', request => request.method() !== 'GET' && requests.push(request.method()))
    await saveButton(page).click()
    await editorOf(page).waitFor({ state: 'detached' })
    await serverHas(her, `/tasks/${id}`, (task: { title: string }) => task.title === 'Book the dentist')
    const task = await her.ask('GET', `/tasks/${id}`)
    assert.equal(task.description, 'Ask about Friday')
    assert.match(task.due, /^\d{4}-\d\d-\d\d$/)
    assert.deepEqual(task.recurrence, { rule: 'FREQ=DAILY', from: 'schedule' })
    assert.deepEqual([task.priority, task.tags], [2, ['health']])
    assert.notEqual(task.list, null)
    assert.deepEqual(requests, ['PATCH'])
    await undo(page)
    await serverHas(her, `/tasks/${id}`, (task: { title: string }) => task.title === 'Book dentist')
    const before = await her.ask('GET', `/tasks/${id}`)
    assert.deepEqual(
      [before.description, before.due, before.recurrence, before.priority, before.tags, before.list],
      [null, null, null, 4, [], null],
    )
    assertClean()
  }))

test('the editor has an address: Back closes it, and the focus returns to the task', () =>
  at(inList, async ({ page, assertClean }, _her, id) => {
    await page.getByRole('button', { name: 'Edit Book dentist' }).focus()
    await page.keyboard.press('o')
    await titleOf(page).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('task'), id)
    await page.goBack()
    await editorOf(page).waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).search, '')
    await page.waitForFunction(() => document.activeElement?.closest('[data-task]') !== null)
    assertClean()
  }))

test('what was typed is there again after a reload, and gone when it is discarded', () =>
  at(inEditor, async ({ page, assertClean }) => {
    await titleOf(page).fill('Typed and not saved')
    await editorOf(page).getByLabel('Add a subtask').fill('A step')
    await page.keyboard.press('Enter')
    await page.reload()
    await editorOf(page).getByText('This is what you had typed before.').waitFor()
    assert.equal(await titleOf(page).inputValue(), 'Typed and not saved')
    assert.equal(await editorOf(page).getByLabel('Title of subtask 1').inputValue(), 'A step')
    await editorOf(page).getByRole('button', { name: 'Discard changes' }).click()
    assert.equal(await titleOf(page).inputValue(), 'Book dentist')
    assert.equal(await editorOf(page).getByLabel('Title of subtask 1').count(), 0)
    assertClean()
  }))

test('what was typed outlives a session that ends, and is saved after signing in again', () =>
  at(inEditor, async ({ page, assertClean }, her, id) => {
    await titleOf(page).fill('Saved after all')
    await endSessions(product, her.person.email)
    await saveButton(page).click()
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await rowOf(page, 'Saved after all').waitFor()
    const { token } = await signIn(product, her.person.email)
    const read = () => call(product, 'GET', `/api/${her.person.id}/tasks/${id}`, { token })
    for (let tries = 0; tries < 400 && (await read()).body.title !== 'Saved after all'; tries += 1)
      await page.waitForTimeout(25)
    assert.equal((await read()).body.title, 'Saved after all')
    assertClean([401])
  }))

test('a task needs a title, and what is too long is said beside it; nothing is sent', () =>
  at(inEditor, async ({ page, assertClean }) => {
    await titleOf(page).fill('  ')
    await saveButton(page).click()
    await editorOf(page).getByRole('link', { name: 'A task needs a title.' }).click()
    await titleOf(page).fill('x'.repeat(203))
    await saveButton(page).click()
    await editorOf(page).getByText('The title is 3 characters too long.').first().waitFor()
    assert.equal(await titleOf(page).getAttribute('aria-invalid'), 'true')
    assertClean()
  }))

test('tags are suggested as they are typed, chosen by arrow keys and taken off by Backspace', () =>
  at(inEditor, async ({ page, assertClean }, her, id) => {
    await her.addTask({ title: 'Other', tags: ['Garden', 'garage'] })
    await page.reload()
    const tags = editorOf(page).getByRole('combobox', { name: 'Tags' })
    await tags.fill('ga')
    await editorOf(page).getByRole('option', { name: '#Garden' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await editorOf(page).getByRole('button', { name: 'Remove tag Garden' }).waitFor()
    await tags.fill('brand-new')
    await editorOf(page).getByRole('option', { name: 'New tag “brand-new”' }).click()
    await tags.fill('gone ')
    await page.keyboard.press('Backspace')
    await saveButton(page).click()
    await serverHas(her, `/tasks/${id}`, (task: { tags: string[] }) => task.tags.length === 2)
    assert.deepEqual((await her.ask('GET', `/tasks/${id}`)).tags, ['brand-new', 'Garden'])
    assertClean()
  }))

test('e turns the title into a field: Enter saves, Escape gives back, leaving saves', () =>
  at(inList, async ({ page, assertClean }, her, id) => {
    const field = page.getByRole('main').getByLabel('Title', { exact: true })
    const focusIsOn = (name: string) =>
      page.waitForFunction(label => document.activeElement?.getAttribute('aria-label') === label, name)
    await page.getByRole('button', { name: 'Edit Book dentist' }).focus()
    await page.keyboard.press('e')
    await field.fill('Given back')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Edit Book dentist' }).waitFor()
    await focusIsOn('Edit Book dentist')

    await page.keyboard.press('Enter')
    await field.fill('Saved by Enter')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Edit Saved by Enter' }).waitFor()
    await focusIsOn('Edit Saved by Enter')

    await page.getByRole('button', { name: 'Edit Saved by Enter' }).dblclick()
    await field.fill('Saved by leaving')
    await page.getByLabel('Add a task').click()
    await page.getByRole('button', { name: 'Edit Saved by leaving' }).waitFor()
    await serverHas(her, `/tasks/${id}`, (task: { title: string }) => task.title === 'Saved by leaving')
    await undo(page)
    await serverHas(her, `/tasks/${id}`, (task: { title: string }) => task.title === 'Saved by Enter')
    assertClean()
  }))

test('an emptied title stays what it was, and one that is too long is not lost by leaving', () =>
  at(inList, async ({ page, assertClean }) => {
    const field = page.getByRole('main').getByLabel('Title', { exact: true })
    await page.getByRole('button', { name: 'Edit Book dentist' }).click()
    await field.fill(' ')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Edit Book dentist' }).click()
    await field.fill('y'.repeat(201))
    await page.getByLabel('Add a task').click()
    await page.getByText('The title is 1 character too long.').waitFor()
    assert.equal(await field.inputValue(), 'y'.repeat(201))
    assertClean()
  }))

test('subtasks are added, ticked, renamed, reordered and deleted with the task they belong to, and counted on it', () =>
  at(inEditor, async ({ page, assertClean }, her, id) => {
    const step = (number: number) => editorOf(page).getByLabel(`Title of subtask ${number}`)
    await editorOf(page).getByLabel('Add a subtask').fill('One')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Two')
    await page.keyboard.press('Enter')
    await page.keyboard.type('Three')
    await page.keyboard.press('Enter')
    await step(3).focus()
    await page.keyboard.press('Alt+ArrowUp')
    await page.waitForFunction(
      () => document.activeElement?.getAttribute('aria-label') === 'Title of subtask 2',
    )
    assert.equal(await step(2).inputValue(), 'Three')
    await editorOf(page).getByRole('checkbox', { name: 'Done: One' }).check()
    await saveButton(page).click()
    const subtasks = async () => {
      const rows = await her.ask('GET', `/tasks?parent=${id}&sort=position`)
      return rows.map((row: { title: string; completed: boolean }) => [row.title, row.completed])
    }
    await serverHas(her, `/tasks/${id}`, (task: { subtasks: { total: number } }) => task.subtasks.total === 3)
    assert.deepEqual(await subtasks(), [
      ['One', true],
      ['Three', false],
      ['Two', false],
    ])
    await rowOf(page, 'Book dentist').getByText('1 of 3').waitFor()

    await page.getByRole('button', { name: 'Open Book dentist' }).click()
    await step(1).fill('First')
    await step(3).fill('')
    await page.keyboard.press('Backspace')
    await editorOf(page).getByRole('button', { name: 'More for Three' }).click()
    await page.getByRole('menuitem', { name: 'Turn into a task' }).click()
    await editorOf(page).getByText('“Three” becomes a task when you save.').first().waitFor()
    await saveButton(page).click()
    await serverHas(her, `/tasks/${id}`, (task: { subtasks: { total: number } }) => task.subtasks.total === 1)
    assert.deepEqual(await subtasks(), [['First', true]])
    await rowOf(page, 'Three').waitFor()
    await undo(page)
    await serverHas(her, `/tasks/${id}`, (task: { subtasks: { total: number } }) => task.subtasks.total === 3)
    assert.deepEqual(await subtasks(), [
      ['One', true],
      ['Three', false],
      ['Two', false],
    ])
    assertClean()
  }))

test('subtasks are dragged into another order', () =>
  at(inEditor, async ({ page, assertClean }) => {
    for (const title of ['One', 'Two', 'Three']) {
      await editorOf(page).getByLabel('Add a subtask').fill(title)
      await page.keyboard.press('Enter')
    }
    const rows = page.locator('[data-subtask]')
    await rows.nth(2).hover()
    await rows
      .nth(2)
      .locator('.subtask-grip')
      .dragTo(rows.nth(0), { targetPosition: { x: 60, y: 6 } })
    await page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('[data-subtask] textarea')?.value === 'Three',
    )
    assertClean()
  }))

test('a subtask has an editor of its own, which leads to its task', () =>
  at(inList, async ({ page, assertClean }, her, id) => {
    const step = await her.addTask({ title: 'A step', parent: id })
    await page.goto(`/inbox?task=${step.id}`)
    await titleOf(page).waitFor()
    assert.equal(await titleOf(page).inputValue(), 'A step')
    assert.equal(await editorOf(page).getByLabel('Add a subtask').count(), 0)
    await editorOf(page).getByRole('button', { name: 'Part of “Book dentist”' }).click()
    await editorOf(page).getByLabel('Title of subtask 1').waitFor()
    assert.equal(await titleOf(page).inputValue(), 'Book dentist')
    assertClean()
  }))

test('many pasted lines become as many subtasks', () =>
  at(inEditor, async ({ page, assertClean }) => {
    const field = editorOf(page).getByLabel('Add a subtask')
    await field.evaluate((element, text) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text', text)
      element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    }, '- milk\n- bread\n- eggs')
    assert.equal(await editorOf(page).getByLabel('Title of subtask 3').inputValue(), 'eggs')
    assertClean()
  }))

test('ticking a task with open subtasks asks once; undo takes both back', () =>
  at(inList, async ({ page, assertClean }, her, id) => {
    for (const title of ['One', 'Two', 'Three']) await her.addTask({ title, parent: id })
    await page.reload()
    const openSteps = (n: number) => (task: { completed: boolean; subtasks: { completed: number } }) =>
      task.subtasks.completed === 3 - n
    const question = page.getByRole('dialog', { name: 'Complete 3 subtasks too?' })
    const box = page.getByRole('checkbox', { name: 'Book dentist' })
    await box.click()
    await question.getByRole('button', { name: 'Cancel' }).click()
    assert.equal(await box.isChecked(), false)
    await box.click()
    await question.getByRole('button', { name: 'Yes, complete all' }).click()
    await serverHas(her, `/tasks/${id}`, openSteps(0))
    assert.equal((await her.ask('GET', `/tasks/${id}`)).completed, true)
    await undo(page)
    await serverHas(her, `/tasks/${id}`, openSteps(3))
    assert.equal((await her.ask('GET', `/tasks/${id}`)).completed, false)
    await box.click()
    await question.getByRole('button', { name: 'Only this task' }).click()
    await serverHas(her, `/tasks/${id}`, (task: { completed: boolean }) => task.completed)
    assert.equal((await her.ask('GET', `/tasks/${id}`)).subtasks.completed, 0)
    assertClean()
  }))

test('on a phone the editor is a sheet from below that a finger opens and meets, and nothing scrolls sideways at 320 px', async () => {
  const her = await createPagePerson()
  const { id } = await her.addTask({ title: 'Book dentist', tags: ['health'] })
  await her.addTask({ title: 'A step with a title that is too long for one line', parent: id })
  const there = await her.open('/inbox', { width: 320, height: 640, hasTouch: true })
  try {
    const { page } = there
    await page.getByRole('button', { name: 'Edit Book dentist' }).tap()
    await editorOf(page).getByLabel('Title of subtask 1').waitFor()
    const isSheet = () => {
      const { left, width, bottom } = document.querySelector('dialog')!.getBoundingClientRect()
      return left === 0 && width === 320 && Math.round(bottom) === 640
    }
    await page.waitForFunction(isSheet)
    const tooSmall = await editorOf(page).evaluate(dialog =>
      [...dialog.querySelectorAll<HTMLElement>('button, select, textarea, label:has(input), [role=combobox]')]
        .map(target => ({ name: target.outerHTML, box: target.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && box.height < 44)
        .map(({ name }) => name),
    )
    assert.deepEqual(tooSmall, [])
    assert.ok(await fits(page))
    assert.ok(await editorOf(page).evaluate(element => element.scrollWidth <= element.clientWidth))
    there.assertClean()
  } finally {
    await there.close()
  }
})

test('the editor speaks German', () =>
  at(
    inList,
    async ({ page, assertClean }, _her, id) => {
      await page.evaluate(() => localStorage.setItem('latchkey:language', 'de'))
      await page.goto(inEditor(id))
      const editor = page.getByRole('dialog', { name: 'Aufgabe bearbeiten' })
      await editor.getByLabel('Teilaufgabe hinzufügen').waitFor()
      for (const text of ['Datum', 'Wiederholen', 'Priorität', 'Liste'])
        await editor.getByText(text, { exact: true }).first().waitFor()
      assert.ok(await fits(page))
      assertClean()
    },
    { size: PHONE },
  ))

test('the editor, its menus and its question have no accessibility violation axe can find', () =>
  at(
    inEditor,
    async ({ page, assertClean }, her, id) => {
      await her.addTask({ title: 'A step', parent: id })
      await page.reload()
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await editorOf(page).getByLabel('Title of subtask 1').waitFor()
        await assertAccessible(page, `editor, ${colorScheme}`)
      }
      await editorOf(page).getByRole('combobox', { name: 'Tags' }).fill('new')
      await editorOf(page).getByRole('option', { name: 'New tag “new”' }).waitFor()
      await assertAccessible(page, 'tags')
      await editorOf(page).getByRole('button', { name: 'More for A step' }).click()
      await page.getByRole('menu').waitFor()
      await assertAccessible(page, 'menu of a subtask')
      assertClean()
    },
    { task: { due: '2026-12-01', tags: ['health'], priority: 1 } },
  ))
