import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findViolation, type Rules, type Scenario } from '../test/revocation-model.ts'

describe('no token is accepted that was presented after its sign-out had answered', () => {
  const held: [string, Scenario][] = [
    ['with slow, lost and doubled polls and an uneven clock', { signOuts: [1], duplicates: 1, slowTicks: 1 }],
    ['with two polls of one instance under way', { signOuts: [1], polls: 2 }],
    ['with two instances', { signOuts: [1], instances: 2 }],
    ['with two sign-outs of one session', { signOuts: [1, 1], slowTicks: 1 }],
    ['with sign-outs of two sessions', { signOuts: [1, 2], slowTicks: 1 }],
    ['with an API process that restarts', { signOuts: [1], processRestarts: 1, slowTicks: 1 }],
    ['with a database that restarts and loses nothing', { signOuts: [1], databaseRestarts: 1, slowTicks: 1 }],
    ['with one that loses its leases', { signOuts: [1], restartsThatLoseLeases: 1, slowTicks: 1 }],
    ['with a database restored from a backup', { signOuts: [1, 2], restores: 1 }],
    ['with a wall clock that jumps', { signOuts: [1], clockJumps: 1 }],
  ]
  for (const [name, scenario] of held)
    test(name, () => {
      const { steps, states } = findViolation(scenario)
      assert.equal(steps, null)
      assert.ok(states > 500)
    })
})

describe('each rule is needed: without it the model finds a way', () => {
  const two: Scenario = { signOuts: [1, 2], slowTicks: 1 }
  const broken: [string, Rules, Scenario?][] = [
    ['a lease is committed before the entries are read', { leaseAndEntriesInOneTransaction: true }],
    ['entries and seq come from one statement', { entriesAndSeqFromTwoStatements: true }],
    ['the leases are read after the commit', { leasesReadBeforeCommit: true }],
    ['a silent instance is waited for', { silentInstancesNotWaitedFor: true }],
    [
      'it is waited for longer than its lease, as clocks run at different rates',
      { silenceWithoutSlack: true },
    ],
    ['what cannot be read is waited for as long', { boundWithoutSlack: true }],
    ['silence is counted from when the leases were read', { silenceCountedFromCommit: true }],
    ['a row that was polled meanwhile stays', { silentRowRemovedThoughPolled: true }],
    ['no wall clock decides an expiry', { expiryByWallClock: true }, { signOuts: [1], clockJumps: 1 }],
    ['entries are applied before the lease is extended', { leaseExtendedBeforeEntriesApply: true }],
    [
      'a sign-out that finds its session gone waits too',
      { goneSessionAnswersAtOnce: true },
      { signOuts: [1, 1] },
    ],
    [
      'after a restart of the database a whole lease is waited',
      { restartNotWaitedOut: true },
      { signOuts: [1], restartsThatLoseLeases: 1 },
    ],
    [
      'a restart while waiting is noticed',
      { restartUnnoticedWhileWaiting: true },
      { signOuts: [1], restartsThatLoseLeases: 1 },
    ],
    [
      'a cursor of another epoch or beyond the head acknowledges nothing and gets the whole set',
      { anyCursorIsTaken: true },
      { signOuts: [1, 2], restores: 1 },
    ],
  ]
  for (const [name, rules, scenario = two] of broken)
    test(name, () => assert.ok(findViolation(scenario, rules).steps))
})
