// The date popover in a real browser, for one task and for several.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextWeekday } from '../web/src/calendar.ts'
import { addDays } from '../web/src/plain-dates.ts'
import { assertAccessible } from './page-visit.ts'
import { beingThere, grammarIn, row, savedTask, today, type } from './quick-adding.ts'

test('another date is picked by a press, a phrase or the calendar, and taken away again', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await page.goto('/inbox')
    await grammarIn(page)
    await type(page, 'Mow the lawn at 9 tomorrow')
    await page.keyboard.press('Enter')
    const lawn = row(page, 'Mow the lawn')
    await lawn.waitFor()
    const popover = page.getByRole('dialog', { name: 'Due date' })
    const open = async () => {
      await lawn.locator('.row-title').focus()
      await page.keyboard.press('t')
      await popover.waitFor()
    }
    const due = (expected: string) =>
      savedTask(person, 'Mow the lawn', task => (task.due ?? 'none').replace(/\[.*/, '') === expected)

    await open()
    await assertAccessible(page)
    await popover.getByRole('button', { name: 'Next week' }).click()
    await due(`${nextWeekday(today(), 1)}T09:00`)

    await open()
    await page.keyboard.type('2030-03-15 14:30')
    await popover.getByText(/15 Mar 2030/).waitFor()
    await page.keyboard.press('Enter')
    await due('2030-03-15T14:30')

    await open()
    await popover.getByRole('button', { name: /^Friday,? 15 March 2030$/ }).focus()
    for (const key of ['PageDown', 'ArrowRight', 'ArrowDown', 'Home']) await page.keyboard.press(key)
    await popover.getByRole('heading', { name: 'April 2030' }).waitFor()
    await page.keyboard.press('Enter')
    await due('2030-04-22T14:30')

    await open()
    await popover.getByRole('button', { name: 'Without a time' }).click()
    await popover.getByRole('combobox', { name: 'Repeat' }).selectOption({ label: 'Every 2 weeks on Monday' })
    await popover.getByRole('button', { name: 'Done' }).click()
    const { recurrence } = await due('2030-04-22')
    assert.deepEqual(recurrence, { rule: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=MO', from: 'schedule' })

    await open()
    await popover.getByRole('button', { name: 'No date' }).click()
    assert.equal((await due('none')).recurrence, null)
    await page.getByRole('button', { name: 'Undo' }).click()
    assert.deepEqual((await due('2030-04-22')).recurrence, recurrence)
    assertClean()
  }))

test('several selected tasks get a date at once, each keeps its time, and one undo gives each its own back', () =>
  beingThere(async ({ page, person, assertClean }) => {
    await page.goto('/inbox')
    await grammarIn(page)
    for (const line of ['Call the bank at 9 on 2030-03-15', 'Buy stamps', 'Order ink 2030-03-16']) {
      await type(page, line)
      await page.keyboard.press('Enter')
    }
    await row(page, 'Order ink').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('j')
    for (const _ of [1, 2]) await page.keyboard.press('Shift+j')
    await page.getByText('3 tasks selected').first().waitFor()
    await page.keyboard.press('t')
    const popover = page.getByRole('dialog', { name: 'Due date' })
    await popover.waitFor()
    assert.equal(await popover.getByRole('combobox', { name: 'Repeat' }).count(), 0)
    await popover.getByRole('button', { name: 'Tomorrow' }).click()
    const tomorrow = addDays(today(), 1)
    const dues = (bank: string, stamps: string | null, ink: string) =>
      Promise.all([
        savedTask(person, 'Call the bank', task => task.due.startsWith(bank)),
        savedTask(person, 'Buy stamps', task => task.due === stamps),
        savedTask(person, 'Order ink', task => task.due === ink),
      ])
    await dues(`${tomorrow}T09:00`, tomorrow, tomorrow)
    await page.getByRole('button', { name: 'Undo' }).click()
    await dues('2030-03-15T09:00', null, '2030-03-16')
    assertClean()
  }))
