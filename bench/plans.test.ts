import assert from 'node:assert/strict'
import { test } from 'node:test'
import { differences, readPlans } from './plans.ts'

const entry = (text: string, plan: object) =>
  `2026-11-21 10:00:00.000 UTC [7] LOG:  duration: 0.123 ms  plan:\n${JSON.stringify({ 'Query Text': text, Plan: plan }, null, 2).replaceAll(/^/gm, '\t')}\n`
const scan = (index: string) => ({
  'Node Type': 'Limit',
  'Plan Rows': 51,
  Plans: [{ 'Node Type': 'Index Scan', 'Index Name': index, 'Relation Name': 'task', 'Total Cost': 7.5 }],
})

test('of a log are read what each statement reads and how, its last plan', () => {
  const log = `2026-11-21 10:00:00.000 UTC [7] LOG:  checkpoint starting: time
${entry('select *\n  from task', { 'Node Type': 'Seq Scan', 'Relation Name': 'task' })}${entry('select * from task', scan('task_newest'))}${entry('update', { 'Node Type': 'ModifyTable', Operation: 'Update', 'Relation Name': 'account' })}`
  assert.deepEqual(
    [...readPlans(log)],
    [
      ['select * from task', 'Limit (Index Scan task_newest)'],
      ['update', 'Update account'],
    ],
  )
})

test('plans are the same whatever they cost, and differ in an index or a statement', () => {
  const base = readPlans(entry('a', scan('task_newest')))
  const dearer = readPlans(entry('a', { ...scan('task_newest'), 'Plan Rows': 2 }))
  assert.deepEqual(differences(base, dearer), [])
  assert.equal(differences(base, readPlans(entry('a', scan('task_due')))).length, 1)
  assert.equal(differences(base, readPlans(entry('b', scan('task_newest')))).length, 2)
})
