import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeferrals, type Deferral, withoutHidden } from './deferrals.ts'

function open(send: () => Promise<void> = async () => {}) {
  const said: string[] = []
  const deferrals = createDeferrals()
  const defer = (id: string): Deferral => ({
    hides: [id],
    async send() {
      said.push(`send ${id}`)
      await send()
    },
    sendWhileLeaving: () => void said.push(`leave ${id}`),
    onFailed: () => void said.push(`failed ${id}`),
  })
  return { deferrals, defer, said }
}

test('what is deferred is hidden and sends nothing', () => {
  const { deferrals, defer, said } = open()
  deferrals.schedule(defer('1'))
  assert.deepEqual([...deferrals.getState().hidden], ['1'])
  assert.deepEqual(said, [])
})

test('undo shows it again, and a later end of its time does nothing', () => {
  const { deferrals, defer, said } = open()
  const deferral = defer('1')
  deferrals.schedule(deferral)
  assert.equal(deferrals.undo(deferral), true)
  deferrals.commit(deferral)
  assert.deepEqual(deferrals.getState(), { hidden: new Set(), trashUntil: '' })
  assert.deepEqual(said, [])
})

test('it is sent once and stays hidden, also from answers older than that', async () => {
  const { deferrals, defer, said } = open()
  const deferral = defer('1')
  deferrals.schedule(deferral)
  deferrals.commit(deferral)
  deferrals.commit(deferral)
  assert.equal(deferrals.getState().hidden.size, 1)
  assert.equal(deferrals.undo(deferral), false)
  await deferrals.flush()
  assert.deepEqual(said, ['send 1'])
  assert.equal(deferrals.getState().hidden.size, 1)
})

test('what fails is shown again', async () => {
  const { deferrals, defer, said } = open(async () => {
    throw new Error('no network')
  })
  deferrals.schedule(defer('1'))
  await deferrals.flush()
  assert.deepEqual(said, ['send 1', 'failed 1'])
  assert.equal(deferrals.getState().hidden.size, 0)
})

test('leaving the page sends what is still waiting', () => {
  const { deferrals, defer, said } = open()
  const first = defer('1')
  deferrals.schedule(first)
  deferrals.schedule(defer('2'))
  deferrals.leavePage()
  deferrals.leavePage()
  assert.deepEqual(said, ['leave 1', 'leave 2'])
  assert.equal(deferrals.undo(first), false)
})

test('an emptied trash hides what was in it, and not what comes into it later', () => {
  const { deferrals, defer } = open()
  deferrals.schedule({ ...defer('purged'), trashUntil: '2026-11-21T08:00:00.000Z' })
  const rows = [
    { id: 'open', deleted_at: null },
    { id: 'purged', deleted_at: '2026-11-21T10:00:00.000Z' },
    { id: 'before', deleted_at: '2026-11-21T08:00:00.000Z' },
    { id: 'after', deleted_at: '2026-11-21T08:00:00.001Z' },
  ]
  const shown = withoutHidden(rows, deferrals.getState()).map(({ id }) => id)
  assert.deepEqual(shown, ['open', 'after'])
})
