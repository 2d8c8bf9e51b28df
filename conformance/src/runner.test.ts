import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type GoodServer, startGoodServer } from '../broken/good-server.ts'
import { hooksOf, profileOf } from '../broken/profile.ts'
import type { Check, Kit } from './check.ts'
import { HookFault, TargetFault } from './faults.ts'
import { verdictOf } from './ledger.ts'
import type { Profile } from './profile.ts'
import { type RunOptions, runChecks } from './runner.ts'

let server: GoodServer
let profile: Profile

before(async () => {
  server = await startGoodServer()
  profile = await profileOf(server)
})

after(() => server.close())

type Run = Check['run']

async function run(checks: Check[], options: Partial<RunOptions> = {}) {
  const rows = [...new Set(checks.flatMap(check => check.rows))]
  const result = await runChecks({ profile, checks, rows, seed: 'test', ...options })
  return { ...result, verdict: (id: string) => verdictOf(result.rows.find(row => row.id === id)!) }
}

const one = (run: Run, more: Partial<Check> = {}): Check[] => [{ rows: ['T-001'], run, ...more }]

test('a row holds, falls short, or is inconclusive, by what its check saw', async () => {
  const says = (id: string, say: (row: ReturnType<Kit['row']>) => void): Check => ({
    rows: [id],
    run: async kit => say(kit.row(id)),
  })
  const { verdict } = await run([
    says('T-001', row => row.is(true, 'fine')),
    says('T-002', row => row.is(false, 'not fine')),
    says('T-003', row => row.inconclusive('noise')),
    says('T-004', row => row.notRun('no time')),
    says('T-005', row => row.notApplicable('no such thing')),
    says('T-006', row => {
      row.is(true, 'fine')
      row.notRun('the other half')
    }),
  ])
  const verdicts = ['T-001', 'T-002', 'T-003', 'T-004', 'T-005', 'T-006'].map(verdict)
  assert.deepEqual(verdicts, ['held', 'fell short', 'inconclusive', 'not run', 'not applicable', 'not run'])
})

test('a check that ends without a word is a fault of the kit', async () => {
  const { faults, verdict } = await run(one(async () => {}))
  assert.equal(faults[0]!.of, 'kit')
  assert.match(faults[0]!.message, /without a word about T-001/)
  assert.equal(verdict('T-001'), 'not run')
})

test('faults of the target, of a hook and of the kit are told apart, and are no verdicts', async () => {
  const throwing = (error: Error) => run(one(() => Promise.reject(error)))
  for (const [error, of] of [
    [new TargetFault('gone'), 'target'],
    [new HookFault('broken'), 'hook'],
    [new TypeError('oops'), 'kit'],
  ] as const) {
    const { faults, verdict } = await throwing(error)
    assert.deepEqual([faults[0]!.of, verdict('T-001')], [of, 'not run'])
  }
})

test('a check that hangs ends with its deadline, and the others go on', async () => {
  const hanging: Check = { rows: ['T-001'], deadline: 0.05, run: () => new Promise(() => {}) }
  const fine: Check = { rows: ['T-002'], run: async kit => void kit.row('T-002').is(true, 'fine') }
  const { verdict, faults, rows } = await run([hanging, fine])
  assert.deepEqual([verdict('T-001'), verdict('T-002'), faults], ['not run', 'held', []])
  assert.match(rows[0]!.notRun[0]!, /not finished: 0\.05 s were over/)
})

test('the deadline of the run ends it with what it has', async () => {
  const forever: Run = () => new Promise(() => {})
  const { verdict } = await run(
    [
      { rows: ['T-001'], run: forever },
      { rows: ['T-002'], run: forever },
    ],
    {
      deadline: 0.1,
    },
  )
  assert.deepEqual([verdict('T-001'), verdict('T-002')], ['not run', 'not run'])
})

test('what is absent is not applicable, what is missing not run, and neither is tried', async () => {
  const never: Run = () => assert.fail('it was tried')
  const absent = { ...profile, absent: [...profile.absent, 'search' as const] }
  const { verdict, rows } = await run(
    [
      { rows: ['T-001'], feature: ['etag', 'search'], run: never },
      { rows: ['T-002'], needs: ['key', 'hook:restart'], run: never },
      { rows: ['T-003'], kind: 'flood', run: never },
    ],
    { profile: absent, mayHarm: false },
  )
  const verdicts = ['T-001', 'T-002', 'T-003'].map(verdict)
  assert.deepEqual(verdicts, ['not applicable', 'not run', 'not run'])
  assert.deepEqual(rows[0]!.notApplicable, ['the target has no search'])
  assert.deepEqual(rows[1]!.notRun, ['needs hook:restart'])
  assert.match(rows[2]!.notRun[0]!, /--yes/)
})

test('a check with one of its rows chosen judges that one', async () => {
  const both: Check = {
    rows: ['T-001', 'T-002'],
    run: async kit => {
      kit.row('T-001').is(true, 'fine')
      kit.row('T-002').fail('not asked for')
    },
  }
  const { rows } = await run([both], { isChosen: row => row === 'T-001' })
  assert.deepEqual(
    rows.map(({ id }) => id),
    ['T-001'],
  )
})

test('floods and what breaks things run alone, and the last check runs last', async () => {
  const order: string[] = []
  let running = 0
  const check = (id: string, more: Partial<Check> = {}): Check => ({
    rows: [id],
    ...more,
    async run(kit) {
      running += 1
      const beside = running
      await kit.control(id)
      if (more.kind || more.last) kit.row(id).is(beside === 1, 'something ran beside it')
      order.push(id)
      running -= 1
    },
  })
  const checks = [
    check('T-009', { last: true }),
    check('T-001', { kind: 'flood' }),
    check('T-002'),
    check('T-003'),
  ]
  const { verdict } = await run(checks, { jobs: 4 })
  assert.deepEqual(order.slice(2), ['T-001', 'T-009'])
  assert.deepEqual([verdict('T-001'), verdict('T-009')], ['held', 'held'])
})

test('a canary shown to anybody else is a breach, whatever was judged', async () => {
  const { breaches } = await run(
    one(async kit => {
      await kit.send({ ...kit.request('list', { as: kit.a }), as: kit.b })
      kit.row('T-001').is(true, 'nothing noticed')
    }),
  )
  assert.deepEqual(
    breaches.map(({ sentence, rows }) => [sentence, rows]),
    [['data of A was shown to B', ['T-001']]],
  )
})

test("one's own data is no breach, and neither is what the request said itself", async () => {
  const { breaches } = await run(
    one(async kit => {
      await kit.ask('list', { as: kit.b })
      await kit.sendRaw(kit.bytesOf(kit.request('list', { as: kit.b })), { as: kit.b })
      await kit.ask('create', { as: kit.b, body: { title: kit.a.canary } })
      kit.row('T-001').is(true, 'fine')
    }),
  )
  assert.deepEqual(breaches, [])
})

test('a token in the log is a breach', async () => {
  const hooks = {
    log: async ({ after }: { after: number }) => ({
      text: after === 0 ? '' : `{"token":"${profile.accounts.ready!.b.token}"}\n`,
      end: 1,
    }),
  }
  const { breaches } = await run(
    one(async kit => void (await kit.control('T-001'))),
    { hooks },
  )
  assert.deepEqual(
    breaches.map(({ sentence }) => sentence),
    ['an access token is in the log'],
  )
})

test('a refusal between two controls holds; a token that is accepted falls short', async () => {
  const refuses = (token: (kit: Kit) => string) =>
    run(one(kit => kit.refuses('T-001', [{ why: 'the case', token: token(kit) }])))
  assert.equal((await refuses(() => 'garbage')).verdict('T-001'), 'held')
  const accepted = await refuses(kit => kit.b.token)
  assert.equal(accepted.verdict('T-001'), 'fell short')
  assert.deepEqual(accepted.rows[0]!.findings[0]!.why, 'the case')
})

test('a write of the victim is noticed', async () => {
  const { verdict } = await run(
    one(async kit => {
      await kit.between('T-001', () =>
        kit.ask('change', { as: kit.a, id: kit.a.tasks[0]!, body: { completed: true } }),
      )
    }),
  )
  assert.equal(verdict('T-001'), 'fell short')
})

test('the same seed chooses the same values, whatever else runs', async () => {
  const values: string[] = []
  const note: Run = async kit => {
    values.push(kit.random.text(20))
    kit.row('T-001').is(true, 'fine')
  }
  const other: Check = {
    rows: ['T-002'],
    run: async kit => void kit.row('T-002').is(kit.random.number() < 1, 'x'),
  }
  await run(one(note))
  await run([other, ...one(note)])
  await run(one(note), { seed: 'another' })
  assert.equal(values[0], values[1])
  assert.notEqual(values[0], values[2])
})

test('hooks are there for checks that need them', async () => {
  const { verdict } = await run(
    one(
      async kit => {
        await kit.hooks.clock!({ offset: 7200 })
        const answer = await kit.ask('list', { as: kit.b })
        await kit.hooks.clock!({ offset: 0 })
        kit.row('T-001').refused401(answer, 'two hours later', 'expired')
      },
      { needs: ['hook:clock'] },
    ),
    { hooks: hooksOf(server) },
  )
  assert.equal(verdict('T-001'), 'held')
})
