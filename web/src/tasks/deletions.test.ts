import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDeletions } from './deletions.ts'

function open(send: (id: string) => Promise<void> = async () => {}) {
  const said: string[] = []
  const deletions = createDeletions({
    send: async id => {
      said.push(`send ${id}`)
      await send(id)
    },
    sendWhileLeaving: id => void said.push(`leave ${id}`),
    onFailed: id => void said.push(`failed ${id}`),
  })
  return { deletions, said }
}

test('a scheduled deletion hides the task and sends nothing', () => {
  const { deletions, said } = open()
  deletions.schedule('1')
  assert.deepEqual([...deletions.getHidden()], ['1'])
  assert.deepEqual(said, [])
})

test('undo brings the task back, and a later end of its time does nothing', () => {
  const { deletions, said } = open()
  deletions.schedule('1')
  assert.equal(deletions.undo('1'), true)
  deletions.commit('1')
  assert.equal(deletions.getHidden().size, 0)
  assert.deepEqual(said, [])
})

test('a deletion is sent once, and the task stays hidden, also from answers older than that', async () => {
  const { deletions, said } = open()
  deletions.schedule('1')
  deletions.commit('1')
  deletions.commit('1')
  assert.equal(deletions.getHidden().size, 1)
  assert.equal(deletions.undo('1'), false)
  await deletions.flush()
  assert.deepEqual(said, ['send 1'])
  assert.equal(deletions.getHidden().size, 1)
})

test('a deletion that fails brings the task back', async () => {
  const { deletions, said } = open(async () => {
    throw new Error('no network')
  })
  deletions.schedule('1')
  await deletions.flush()
  assert.deepEqual(said, ['send 1', 'failed 1'])
  assert.equal(deletions.getHidden().size, 0)
})

test('leaving the page sends what is still waiting', () => {
  const { deletions, said } = open()
  deletions.schedule('1')
  deletions.schedule('2')
  deletions.leavePage()
  deletions.leavePage()
  assert.deepEqual(said, ['leave 1', 'leave 2'])
  assert.equal(deletions.undo('1'), false)
})
