// `npm run kit:selftest`: the good server holds every row, and each broken one falls short on its fault alone.
import { checks } from '../src/checks/index.ts'
import { verdictOf } from '../src/ledger.ts'
import { runChecks } from '../src/runner.ts'
import { faults } from './faults/index.ts'
import { startGoodServer } from './good-server.ts'
import { hooksOf, profileOf } from './profile.ts'

const rows = [...new Set(checks.flatMap(check => check.rows))].sort()

for (const fault of [null, ...faults]) {
  const server = await startGoodServer(fault ? [fault.name] : [])
  const result = await runChecks({
    profile: profileOf(server),
    hooks: hooksOf(server),
    checks: checks.filter(
      check => check.kind === undefined || check.rows.some(row => fault?.kills.includes(row)),
    ),
    rows,
    seed: 'self-test',
  })
  await server.close()
  const fell = result.rows.filter(row => verdictOf(row) === 'fell short').map(({ id }) => id)
  const expected = fault?.kills ?? []
  const isRight =
    expected.every(id => fell.includes(id)) &&
    fell.every(id => expected.includes(id) || fault?.also?.includes(id))
  console.log(
    `${isRight ? 'ok  ' : 'NOT OK'} ${fault?.name ?? 'the good server'}: ${fell.join(' ') || 'all held'}`,
  )
  for (const { message } of result.faults) console.log(`     ${message}`)
  for (const row of result.rows)
    for (const finding of row.findings) if (!isRight) console.log(`     ${row.id} ${finding.sentence}`)
  if (!isRight || result.faults.length > 0) process.exitCode = 1
}
