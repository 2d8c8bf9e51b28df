// §22: the walls of the database, and the configuration no server may start with.
import type { Check, Identity, Kit, Row } from '../check.ts'
import type { HookCalls } from '../hooks.ts'

export const checks: Check[] = [
  {
    rows: ['T-216'],
    needs: ['hook:start-with'],
    kind: 'destructive',
    deadline: 180,
    run: weakSecretsStartNothing,
  },
  {
    rows: ['T-297'],
    needs: ['hook:row-security'],
    feature: 'row-security',
    deadline: 120,
    run: nobodySeesNothing,
  },
  {
    rows: ['T-298'],
    needs: ['hook:row-security'],
    feature: 'row-security',
    deadline: 120,
    run: onePersonSeesNoOther,
  },
  { rows: ['T-299'], needs: ['hook:role-audit'], feature: 'row-security', run: theRoleIsSmall },
]

async function weakSecretsStartNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-216')
  for (const fault of ['default-secret', 'short-secret', 'shared-secret'] as const) {
    const { started, message } = await kit.hooks['start-with']!({ fault })
    row.is(!started, `with a ${fault} it starts: ${message ?? 'no message'}`)
    row.is(started || (message ?? '') !== '', `with a ${fault} it says nothing`)
  }
}

type Call = HookCalls['row-security']
const ACTS: Call['asks']['act'][] = ['select', 'update', 'delete', 'insert', 'on-conflict', 'copy', 'explain']

/** As another test of the hook itself: the owner, bound rightly, reaches the row. */
async function mustReach(kit: Kit, row: Row, owner: Identity): Promise<void> {
  const own = await kit.hooks['row-security']!({
    subject: owner.id,
    act: 'select',
    owner: owner.id,
    task: owner.tasks[0]!,
  })
  row.is(own.rows === 1, `bound to its owner, a task is not found: ${own.error ?? `${own.rows} rows`}`)
}

async function nobodySeesNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-297')
  await mustReach(kit, row, kit.a)
  for (const subject of [null, '', 'garbage', '00000000-0000-0000-0000-000000000000', "' or true --"]) {
    for (const act of ACTS) {
      const answer = await tryAct(kit, subject, act)
      const bound = subject === null ? 'nothing' : JSON.stringify(subject)
      row.is(answer.rows === 0, `bound to ${bound}, ${act} reaches ${answer.rows} rows`)
      row.is(!answer.text.includes(kit.a.canary), `bound to ${bound}, ${act} shows a row`)
      const writes = act === 'insert' || act === 'on-conflict'
      if (writes) row.is(answer.error !== null, `bound to ${bound}, ${act} is not refused`)
      else row.is(answer.error === null, `bound to ${bound}, ${act} fails: ${answer.error}`)
    }
  }
  await kit.unchanged('T-297')
}

async function onePersonSeesNoOther(kit: Kit): Promise<void> {
  const row = kit.row('T-298')
  await mustReach(kit, row, kit.a)
  for (const act of ACTS) {
    const answer = await tryAct(kit, kit.b.id, act)
    row.is(answer.rows === 0, `bound to B, ${act} reaches ${answer.rows} rows of A`)
    row.is(!answer.text.includes(kit.a.canary), `bound to B, ${act} shows a row of A`)
    if (act === 'insert') row.is(answer.error !== null, 'bound to B, a row can be given to A')
    // DO NOTHING in silence would say that there is such a row.
    if (act === 'on-conflict')
      row.is(answer.error !== null, 'bound to B, an insert over a row of A does nothing in silence')
  }
  await kit.unchanged('T-298')
}

async function tryAct(kit: Kit, subject: string | null, act: Call['asks']['act']): Promise<Call['answers']> {
  return await kit.hooks['row-security']!({ subject, act, owner: kit.a.id, task: kit.a.tasks[0]! })
}

async function theRoleIsSmall(kit: Kit): Promise<void> {
  const row = kit.row('T-299')
  const audit = await kit.hooks['role-audit']!({})
  row.is(!audit.superuser, 'the role is a superuser')
  row.is(!audit.bypasses_row_security, 'the role bypasses row security')
  row.is(audit.owns.length === 0, `the role owns, or may become the owner of, ${audit.owns.join(', ')}`)
  row.is(audit.tables.length > 0, 'the audit names no table')
  for (const table of audit.tables)
    row.is(table.row_security && table.forced, `row security is not forced on ${table.name}`)
  row.is(audit.excess_rights.length === 0, `the role may ${audit.excess_rights.join(', ')}`)
  for (const view of audit.views)
    row.is(view.security_invoker, `the view ${view.name} sees with its owner's eyes`)
  for (const { name, ...its } of audit.functions) {
    row.is(!its.security_definer || its.fixed_search_path, `the function ${name} has no fixed search_path`)
    row.is(!its.public || !its.security_definer, `everybody may call ${name}`)
  }
}
