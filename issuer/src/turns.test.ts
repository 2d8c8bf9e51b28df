import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTurns, TooManyWaiting } from './turns.ts'

test('who goes away leaves the line: the place is free, and the turn goes to the next who is there', async () => {
  const turns = createTurns({ concurrent: 1, waiting: 2 })
  const endFirst = await turns.take()
  const goes = new AbortController()
  const stays = new AbortController()
  const going = turns.take(goes.signal)
  const staying = turns.take(stays.signal)
  await assert.rejects(turns.take(), TooManyWaiting)
  goes.abort()
  await assert.rejects(going, TooManyWaiting)
  await assert.rejects(turns.take(AbortSignal.abort()), TooManyWaiting)
  assert.deepEqual(turns.figures(), { running: 1, waiting: 1, refused: 1 })
  endFirst()
  const end = await staying
  // Too late to leave: the turn is taken, and whoever has it ends it.
  stays.abort()
  end()
  assert.deepEqual(turns.figures(), { running: 0, waiting: 0, refused: 1 })
})
