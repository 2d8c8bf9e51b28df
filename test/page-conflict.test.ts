// Two devices that change one task: nobody's change is lost, and a person decides where both said something else.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Visit } from './browser.ts'
import { createPagePerson, type PagePerson, rowOf } from './page-person.ts'

const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Two versions of one task' })
const fieldOf = (page: Page, name: string) => dialogOf(page).getByRole('group', { name })
const save = (page: Page) => page.getByRole('button', { name: 'Save', exact: true }).click()
const saved = (page: Page) =>
  page.waitForResponse(answer => answer.request().method() === 'PATCH' && answer.ok())

/** A laptop and a phone of one person, both with the same task open in the editor. */
async function twoDevices(
  work: (devices: { laptop: Visit; phone: Visit; her: PagePerson; id: string }) => Promise<void>,
) {
  const her = await createPagePerson()
  const { id } = await her.addTask({ title: 'Call Ada', description: 'Before noon', tags: ['home'] })
  const laptop = await her.open(`/inbox?task=${id}`)
  const phone = await her.open(`/inbox?task=${id}`, { width: 360, height: 740 })
  try {
    for (const { page } of [laptop, phone]) await page.getByLabel('Title', { exact: true }).waitFor()
    await work({ laptop, phone, her, id })
    laptop.assertClean()
    phone.assertClean([412])
  } finally {
    await laptop.close()
    await phone.close()
  }
}

test('both versions stand side by side where they differ, and what is kept is saved on top of the newer one', () =>
  twoDevices(async ({ laptop, phone, her, id }) => {
    await laptop.page.getByLabel('Title', { exact: true }).fill('Call Ada at work')
    await laptop.page.getByLabel('Description').fill('After noon')
    await laptop.page.getByText('Urgent', { exact: true }).click()
    await Promise.all([saved(laptop.page), save(laptop.page)])
    const { revision } = await her.ask('GET', `/tasks/${id}`)

    await phone.page.getByLabel('Title', { exact: true }).fill('Call Ada at home')
    await phone.page.getByLabel('Description').fill('Ring twice')
    await save(phone.page)
    await dialogOf(phone.page).waitFor()
    for (const text of ['Call Ada at work', 'Call Ada at home'])
      await fieldOf(phone.page, 'Title').getByText(text).waitFor()
    const choice = (field: string, name: RegExp) => fieldOf(phone.page, field).getByRole('radio', { name })
    assert.equal(await choice('Title', /^Yours/).isChecked(), true)
    assert.equal(await choice('Description', /^Both/).isChecked(), true)
    assert.equal(await choice('Priority', /^The other version/).isChecked(), true)
    assert.equal(await fieldOf(phone.page, 'Tags').count(), 0)
    assert.ok(await phone.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))

    await choice('Title', /^The other version/).check()
    const answered = saved(phone.page)
    await phone.page.getByRole('button', { name: 'Save this' }).click()
    await answered
    const task = await her.ask('GET', `/tasks/${id}`)
    assert.ok(task.revision > revision)
    assert.deepEqual(
      [task.title, task.description, task.priority],
      ['Call Ada at work', 'After noon\n\nRing twice', 1],
    )
    await rowOf(phone.page, 'Call Ada at work').waitFor()
  }))

test('the keyboard alone settles it, and the focus is in the dialog and afterwards on the page', () =>
  twoDevices(async ({ laptop, phone, her, id }) => {
    await laptop.page.getByLabel('Title', { exact: true }).fill('Laptop')
    await Promise.all([saved(laptop.page), save(laptop.page)])
    await phone.page.getByLabel('Title', { exact: true }).fill('Phone')
    await phone.page.keyboard.press('Enter')
    await dialogOf(phone.page).waitFor()
    await phone.page.waitForFunction(() => document.activeElement?.closest('dialog') !== null)
    await phone.page.keyboard.press('ArrowDown')
    assert.equal(
      await fieldOf(phone.page, 'Title')
        .getByRole('radio', { name: /^The other/ })
        .isChecked(),
      true,
    )
    await phone.page.keyboard.press('ArrowUp')
    const answered = saved(phone.page)
    await phone.page.keyboard.press('Enter')
    await answered
    assert.equal((await her.ask('GET', `/tasks/${id}`)).title, 'Phone')
    await dialogOf(phone.page).waitFor({ state: 'detached' })
  }))

test('changes of different fields are both kept without a question', () =>
  twoDevices(async ({ laptop, phone, her, id }) => {
    await laptop.page.getByLabel('Title', { exact: true }).fill('Call Ada at work')
    await Promise.all([saved(laptop.page), save(laptop.page)])
    await phone.page.getByLabel('Description').fill('Ring twice')
    await Promise.all([saved(phone.page), save(phone.page)])
    const { title, description } = await her.ask('GET', `/tasks/${id}`)
    assert.deepEqual([title, description], ['Call Ada at work', 'Ring twice'])
    assert.equal(await dialogOf(phone.page).count(), 0)
  }))

test('a decision can wait, and until it is made both versions are there, also after a reload', () =>
  twoDevices(async ({ laptop, phone, her, id }) => {
    await laptop.page.getByLabel('Title', { exact: true }).fill('Laptop')
    await Promise.all([saved(laptop.page), save(laptop.page)])
    await phone.page.getByLabel('Title', { exact: true }).fill('Phone')
    await save(phone.page)
    await dialogOf(phone.page).getByRole('button', { name: 'Decide later' }).click()
    await dialogOf(phone.page).waitFor({ state: 'detached' })
    assert.equal((await her.ask('GET', `/tasks/${id}`)).title, 'Laptop')
    await phone.page.reload()
    await phone.page.getByRole('button', { name: 'Decide' }).click()
    await dialogOf(phone.page).waitFor()
    for (const text of ['Laptop', 'Phone']) await fieldOf(phone.page, 'Title').getByText(text).waitFor()
    const answered = saved(phone.page)
    await phone.page.getByRole('button', { name: 'Save this' }).click()
    await answered
    assert.equal((await her.ask('GET', `/tasks/${id}`)).title, 'Phone')
  }))
