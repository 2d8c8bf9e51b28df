// Lists, tags and the trash, as a person meets them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import type { Visit } from './browser.ts'
import { createPagePerson, type PagePerson, rowOf } from './page-person.ts'
import { assertAccessible, until } from './page-visit.ts'

const undo = (page: Page) => page.getByRole('button', { name: 'Undo' }).click()
const dismiss = (page: Page) => page.getByRole('button', { name: 'Dismiss' }).first().click()
const listLinks = (page: Page) => page.locator('[data-list] a:visible')
const heading = (page: Page, name: string) => page.getByRole('heading', { name, level: 1, exact: true })
const gone = (locator: Locator) => locator.waitFor({ state: 'detached' })

async function names(page: Page): Promise<string[]> {
  const texts = await listLinks(page).locator('.truncate').allTextContents()
  return texts
}

async function visiting(
  prepare: (her: PagePerson) => Promise<string>,
  work: (there: Visit, her: PagePerson) => Promise<void>,
  size?: { width: number; height: number },
) {
  const her = await createPagePerson()
  const there = await her.open(await prepare(her), size)
  try {
    await work(there, her)
  } finally {
    await there.close()
  }
}

test('a list is made with a name and a colour, renamed and coloured anew, and each of these is undone', () =>
  visiting(
    async () => '/inbox',
    async ({ page, assertClean }, her) => {
      await page.getByRole('button', { name: 'New list' }).click()
      const making = page.getByRole('dialog', { name: 'New list' })
      await making.getByRole('button', { name: 'Create list' }).click()
      await making.getByText('A list needs a name.').first().waitFor()
      await making.getByLabel('Name').fill('Garden')
      await making.getByRole('radio', { name: 'Green' }).check({ force: true })
      await assertAccessible(page, 'list dialog')
      await making.getByRole('button', { name: 'Create list' }).click()
      await heading(page, 'Garden').waitFor()
      assert.match(new URL(page.url()).pathname, /^\/lists\//)
      const [list] = await her.ask('GET', '/lists')
      assert.deepEqual([list.name, list.color], ['Garden', 'green'])

      await page.getByRole('button', { name: 'More for Garden' }).click()
      await page.getByRole('menuitem', { name: 'Edit list' }).click()
      const editing = page.getByRole('dialog', { name: 'Edit list' })
      await editing.getByLabel('Name').fill('Balcony')
      await editing.getByRole('radio', { name: 'Amber' }).check({ force: true })
      await editing.getByRole('button', { name: 'Save' }).click()
      await heading(page, 'Balcony').waitFor()
      const stored = async () => {
        const [{ name, color }] = await her.ask('GET', '/lists')
        return `${name} ${color}`
      }
      await until(async () => (await stored()) === 'Balcony amber', 'the change is stored')
      await undo(page)
      await heading(page, 'Garden').waitFor()
      await until(async () => (await stored()) === 'Garden green', 'the change is undone')
      await page.keyboard.press('Control+z')
      await until(async () => (await her.ask('GET', '/lists')).length === 0, 'the making is undone')
      assertClean()
    },
  ))

test('colours are one group of named radio buttons, 44 px each, that the arrow keys go through', () =>
  visiting(
    async () => '/inbox',
    async ({ page, assertClean }) => {
      await page.getByRole('button', { name: 'More' }).click()
      await page.getByRole('button', { name: 'New list' }).click()
      const group = page.getByRole('group', { name: 'Colour' })
      assert.equal(await group.getByRole('radio').count(), 10)
      // Measured when the sheet has stopped moving.
      await page.evaluate(() => Promise.all(document.getAnimations().map(animation => animation.finished)))
      for (const swatch of await group.locator('.swatch').all()) {
        const { width, height } = (await swatch.boundingBox())!
        assert.ok(width >= 44 && height >= 44)
      }
      await group.getByRole('radio', { name: 'Blue' }).focus()
      await page.keyboard.press('ArrowRight')
      assert.equal(await group.getByRole('radio', { name: 'Indigo' }).isChecked(), true)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
      assertClean()
    },
    { width: 320, height: 640 },
  ))

test('lists are put in order by their menu and by dragging, and a reload keeps the order', () =>
  visiting(
    async her => {
      for (const name of ['One', 'Two', 'Three']) await her.addList(name)
      return '/inbox'
    },
    async ({ page, assertClean }) => {
      await listLinks(page).first().waitFor()
      assert.deepEqual(await names(page), ['One', 'Two', 'Three'])
      await page.getByRole('button', { name: 'More for Three' }).click()
      await page.getByRole('menuitem', { name: 'Move up' }).click()
      await until(async () => String(await names(page)) === 'One,Three,Two', 'moved up')
      await undo(page)
      await until(async () => String(await names(page)) === 'One,Two,Three', 'undone')
      await until(
        async () => (await listLinks(page).first().getAttribute('draggable')) === 'true',
        'dragging is there',
      )
      await listLinks(page)
        .nth(0)
        .dragTo(listLinks(page).nth(2), { targetPosition: { x: 40, y: 30 } })
      await until(async () => String(await names(page)) === 'Two,Three,One', 'dragged to the end')
      await page.waitForLoadState('networkidle')
      await page.reload()
      await listLinks(page).first().waitFor()
      assert.deepEqual(await names(page), ['Two', 'Three', 'One'])
      assertClean()
    },
  ))

test('a deleted list takes its tasks to the trash, and undo brings both back', () =>
  visiting(
    async her => {
      const { id } = await her.addList('House')
      await her.addTask({ title: 'Sweep', list: id })
      return `/lists/${id}`
    },
    async ({ page, assertClean }, her) => {
      await rowOf(page, 'Sweep').waitFor()
      await page.getByRole('button', { name: 'More for House' }).click()
      await page.getByRole('menuitem', { name: 'Delete list' }).click()
      await heading(page, 'Inbox').waitFor()
      await page.getByText('1 open task is in the trash.').waitFor()
      await until(async () => (await her.ask('GET', '/tasks?trash=true')).length === 1, 'in the trash')
      await undo(page)
      await page.getByRole('link', { name: /^House/ }).click()
      await rowOf(page, 'Sweep').waitFor()
      assert.equal((await her.ask('GET', '/tasks?trash=true')).length, 0)
      assertClean()
    },
  ))

test('a tag is renamed everywhere, and back', () =>
  visiting(
    async her => {
      await her.addTask({ title: 'Sweep', tags: ['hoem'] })
      return '/tags/hoem'
    },
    async ({ page, assertClean }, her) => {
      await rowOf(page, 'Sweep').getByText('#hoem').waitFor()
      await page.getByRole('button', { name: 'Edit tag' }).click()
      const dialog = page.getByRole('dialog', { name: '#hoem' })
      await dialog.getByLabel('Name').fill('two words')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await dialog.getByText('A tag has 1 to 50 characters').first().waitFor()
      await assertAccessible(page, 'tag dialog')
      await dialog.getByLabel('Name').fill('home')
      await dialog.getByRole('button', { name: 'Save' }).click()
      await heading(page, '#home').waitFor()
      await rowOf(page, 'Sweep').getByText('#home').waitFor()
      await undo(page)
      await until(async () => (await her.ask('GET', '/tags'))[0].name === 'hoem', 'the old name is back')
      assertClean()
    },
  ))

test('the name of another tag is the offer to merge, with how many tasks; undone in time it never happened', () =>
  visiting(
    async her => {
      await her.addTask({ title: 'Sweep', tags: ['casa'] })
      await her.addTask({ title: 'Mop', tags: ['casa', 'Home'] })
      return '/tags/casa'
    },
    async ({ page, assertClean }, her) => {
      const merge = async () => {
        await page.getByRole('button', { name: 'Edit tag' }).click()
        await page.getByRole('dialog').getByLabel('Name').fill('home')
        await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
        await page.getByText('There is a tag #Home already. Put the 2 open tasks of #casa there?').waitFor()
        await page.getByRole('button', { name: 'Merge into #Home' }).click()
        await heading(page, '#Home').waitFor()
      }
      const tags = async () => (await her.ask('GET', '/tags')).map((tag: { name: string }) => tag.name)
      await merge()
      await gone(page.getByRole('link', { name: '#casa' }))
      await rowOf(page, 'Mop').getByText('#Home').waitFor()
      assert.equal(await rowOf(page, 'Mop').getByText('#casa').count(), 0)
      await undo(page)
      await page.getByRole('link', { name: '#casa' }).click()
      await rowOf(page, 'Sweep').waitFor()
      assert.deepEqual(await tags(), ['casa', 'Home'])
      await merge()
      await dismiss(page)
      await until(async () => String(await tags()) === 'Home', 'merged')
      await rowOf(page, 'Sweep').getByText('#Home').waitFor()
      assertClean()
    },
  ))

test('a deleted tag is gone from every task at once, comes back by undo, and is deleted when the toast has gone', () =>
  visiting(
    async her => {
      await her.addTask({ title: 'Sweep', tags: ['old', 'home'] })
      return '/tags/old'
    },
    async ({ page, assertClean }, her) => {
      const remove = async () => {
        await page.getByRole('button', { name: 'Edit tag' }).click()
        await page.getByRole('button', { name: 'Delete tag' }).click()
        await heading(page, 'Inbox').waitFor()
      }
      await remove()
      await rowOf(page, 'Sweep').getByText('#home').waitFor()
      assert.equal(await rowOf(page, 'Sweep').getByText('#old').count(), 0)
      await page.keyboard.press('Control+z')
      await rowOf(page, 'Sweep').getByText('#old').waitFor()
      await page.getByRole('link', { name: '#old' }).click()
      await remove()
      await page.reload()
      await until(async () => (await her.ask('GET', '/tags')).length === 1, 'deleted by leaving')
      assertClean()
    },
  ))

test('the trash says how long it keeps a task, and gives it back', () =>
  visiting(
    async her => {
      const { id } = await her.addTask({ title: 'Sweep' })
      await her.ask('DELETE', `/tasks/${id}`)
      return '/trash'
    },
    async ({ page, assertClean }) => {
      await rowOf(page, 'Sweep').getByText('Gone for good in 30 days').waitFor()
      await assertAccessible(page, 'trash')
      await page.getByRole('button', { name: 'Restore Sweep' }).click()
      await gone(rowOf(page, 'Sweep'))
      await page
        .getByRole('link', { name: /^Inbox/ })
        .first()
        .click()
      await rowOf(page, 'Sweep').waitFor()
      await undo(page)
      await gone(rowOf(page, 'Sweep'))
      assertClean()
    },
  ))

test('deleting for good and emptying the trash can be undone until the toast has gone', () =>
  visiting(
    async her => {
      for (const title of ['One', 'Two', 'Three']) {
        const { id } = await her.addTask({ title })
        await her.ask('DELETE', `/tasks/${id}`)
      }
      return '/trash'
    },
    async ({ page, assertClean }, her) => {
      const inTrash = async () => (await her.ask('GET', '/tasks?trash=true')).length
      const purge = async () => {
        await page.getByRole('button', { name: 'More for One' }).last().click()
        await page.getByRole('menuitem', { name: 'Delete for ever' }).click()
        await gone(rowOf(page, 'One'))
      }
      await purge()
      await undo(page)
      await rowOf(page, 'One').waitFor()
      assert.equal(await inTrash(), 3)
      await purge()
      await dismiss(page)
      await until(async () => (await inTrash()) === 2, 'gone for good')
      await page.getByRole('button', { name: 'Empty trash' }).click()
      await page.getByText('The trash is empty').waitFor()
      assert.equal(await inTrash(), 2)
      await undo(page)
      await rowOf(page, 'Two').waitFor()
      await page.getByRole('button', { name: 'Empty trash' }).click()
      await page.getByText('The trash is empty').waitFor()
      await dismiss(page)
      await until(async () => (await inTrash()) === 0, 'emptied')
      assertClean()
    },
  ))

test('what is deleted after the trash was emptied is not swept away with it', () =>
  visiting(
    async her => {
      const { id } = await her.addTask({ title: 'Old' })
      await her.ask('DELETE', `/tasks/${id}`)
      await her.addTask({ title: 'Deleted by mistake' })
      return '/trash'
    },
    async ({ page, assertClean }, her) => {
      await rowOf(page, 'Old').waitFor()
      await page.getByRole('button', { name: 'Empty trash' }).click()
      await page.getByText('The trash is empty').waitFor()
      await page
        .getByRole('link', { name: /^Inbox/ })
        .first()
        .click()
      await page.getByRole('button', { name: 'Edit Deleted by mistake' }).focus()
      await page.keyboard.press('#')
      const trash = async () =>
        (await her.ask('GET', '/tasks?trash=true')).map((task: { title: string }) => task.title)
      await until(async () => String(await trash()) === 'Deleted by mistake', 'only the old one is gone')
      await undo(page)
      await rowOf(page, 'Deleted by mistake').waitFor()
      assertClean()
    },
  ))

test('a subtask whose task is in the trash comes back with it, or alone as a task of its own', () =>
  visiting(
    async her => {
      const { id } = await her.addTask({ title: 'Party' })
      await her.addTask({ title: 'Cake', parent: id })
      await her.ask('DELETE', `/tasks/${id}`)
      return '/trash'
    },
    async ({ page, assertClean }, her) => {
      const restore = async () => {
        await page.getByRole('button', { name: 'Restore Cake' }).click()
        await page.getByText('“Cake” is a subtask of “Party”, which is in the trash.').waitFor()
      }
      const cake = async () =>
        (await her.ask('GET', '/tasks')).find((task: { title: string }) => task.title === 'Cake')
      await restore()
      await assertAccessible(page, 'restore dialog')
      await page.getByRole('button', { name: 'Only the subtask' }).click()
      await until(async () => (await cake())?.parent === null, 'a task of its own')
      await undo(page)
      await until(async () => (await cake()) === undefined, 'back in the trash')
      assertClean()
    },
  ))

test('a task whose list was deleted comes back with the list, or alone into the Inbox', () =>
  visiting(
    async her => {
      const { id } = await her.addList('House')
      await her.addTask({ title: 'Sweep', list: id })
      await her.addTask({ title: 'Mop', list: id })
      await her.ask('DELETE', `/lists/${id}`)
      return '/trash'
    },
    async ({ page, assertClean }, her) => {
      const open = async () =>
        (await her.ask('GET', '/tasks')).map((task: { title: string; list: string | null }) => [
          task.title,
          task.list !== null,
        ])
      await page.getByRole('button', { name: 'Restore Sweep' }).click()
      await page.getByRole('dialog', { name: 'Restore its list too?' }).waitFor()
      await page.getByRole('button', { name: 'Only the task' }).click()
      await until(async () => String(await open()) === 'Sweep,false', 'in the Inbox')
      await page.getByRole('button', { name: 'Restore Mop' }).click()
      await page.getByRole('button', { name: 'Restore the list' }).click()
      await page.getByText('The list and its tasks are back').waitFor()
      await until(async () => String(await open()) === 'Mop,true,Sweep,false', 'with its list')
      assertClean()
    },
  ))
