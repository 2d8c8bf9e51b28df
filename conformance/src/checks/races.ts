// §19: many at once get what they would get one after another.
import type { Check } from '../check.ts'
import { statusOf } from '../row.ts'
import { idOf, isGood, makeTask, readTask, sample, tasksIn, writer } from './own-tasks.ts'

const MANY = 50

export const checks: Check[] = [
  {
    rows: ['T-279'],
    feature: ['etag', 'change'],
    async run(kit) {
      const id = idOf(kit, await makeTask(kit, kit.b))
      const etag = (await readTask(kit, kit.b, id)).header('etag')
      const row = kit.row('T-279')
      if (!row.is(etag !== undefined, 'a task has no ETag')) return
      const { title } = kit.profile.task
      const all = await Promise.all(
        Array.from({ length: MANY }, (_, at) =>
          kit.ask('change', {
            as: kit.b,
            id,
            body: { [title]: `Version ${at}` },
            headers: [['If-Match', etag!]],
          }),
        ),
      )
      const won = all.filter(isGood)
      row.is(
        won.length === 1,
        `${won.length} of ${MANY} changes of the same version succeed`,
        won[1] ?? all[0],
      )
      const other = all.find(answer => !isGood(answer) && ![409, 412].includes(answer.status))
      row.is(other === undefined, `the others get 412 or 409, and one ${other && statusOf(other)}`, other)
      const after = await readTask(kit, kit.b, id)
      row.is(after.json?.[title] === won[0]?.json?.[title], 'what was answered is not what is stored', after)
      const stale = await kit.ask('change', {
        as: kit.b,
        id,
        body: { [title]: 'Stale' },
        headers: [['If-Match', etag!]],
      })
      row.is(stale.status === 412, `an old version answers ${statusOf(stale)}, not 412`, stale)
    },
  },
  {
    rows: ['T-280'],
    feature: 'idempotency-key',
    async run(kit) {
      const user = await writer(kit)
      const { title } = kit.profile.task
      const name = `Once ${kit.random.text(12)}`
      const request = kit.request('create', {
        as: user,
        body: sample(kit, 'create', { [title]: name }),
        headers: [['Idempotency-Key', kit.random.text(24)]],
      })
      const row = kit.row('T-280')
      const all = await Promise.all(Array.from({ length: MANY }, () => kit.send(request)))
      const ids = new Set(all.filter(isGood).map(answer => idOf(kit, answer.json)))
      row.is(ids.size === 1, `${MANY} requests with one key made ${ids.size} rows`, all[0])
      const other = all.find(answer => !isGood(answer) && ![409, 429, 503].includes(answer.status))
      row.is(other === undefined, `one of them answers ${other && statusOf(other)}`, other)
      const rows = tasksIn(kit, await kit.ask('list', { as: user })).filter(task => task[title] === name)
      row.is(rows.length === 1, `the list has ${rows.length} of them`)
      const cut = { ...request, body: JSON.stringify(sample(kit, 'create', { [title]: `${name} cut` })) }
      cut.headers = [...request.headers!.slice(0, -1), ['Idempotency-Key', kit.random.text(24)]]
      await kit.sendRaw(kit.bytesOf(cut), { as: user, wait: 1 })
      const retried = await kit.send(cut)
      row.is(isGood(retried), `trying again after a cut connection answers ${statusOf(retried)}`, retried)
      const after = tasksIn(kit, await kit.ask('list', { as: user })).filter(
        task => task[title] === `${name} cut`,
      )
      row.is(after.length === 1, `trying again after a cut connection made ${after.length} rows`)
    },
  },
  {
    rows: ['T-284'],
    feature: 'complete',
    async run(kit) {
      const { completed } = kit.profile.task
      const row = kit.row('T-284')
      if (completed === undefined) return row.notApplicable('tasks do not say whether they are completed')
      const id = idOf(kit, await makeTask(kit, kit.b))
      const start = (await readTask(kit, kit.b, id)).json[completed] as boolean
      const all = await Promise.all(Array.from({ length: 201 }, () => kit.ask('complete', { as: kit.b, id })))
      const done = all.filter(isGood).length
      const other = all.find(answer => !isGood(answer) && ![409, 412, 429, 503].includes(answer.status))
      row.is(other === undefined && done > 0, `one of them answers ${other && statusOf(other)}`, other)
      const toggles = kit.profile.choices.complete === 'toggles'
      const expected = toggles ? start !== (done % 2 === 1) : true
      const after = await readTask(kit, kit.b, id)
      row.is(
        after.json?.[completed] === expected,
        `after ${done} toggles it is ${after.json?.[completed]}`,
        after,
      )
      const said = all.filter(answer => isGood(answer) && answer.json?.[completed] === !start).length
      if (toggles)
        row.is(said === Math.ceil(done / 2), `${said} of ${done} answers say ${!start}: some were lost`)
    },
  },
]
