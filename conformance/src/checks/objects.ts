// §9: an object of another user is not there, by whatever path, reference or number one comes to it.
import type { Check, Identity, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import type { RouteName } from '../profile.ts'
import { statusOf } from '../row.ts'
import { neverIssued } from '../world.ts'
import {
  canSignUp,
  differenceBetween,
  has,
  hasPathUser,
  idOf,
  isGood,
  isRefused,
  type Members,
  makeTask,
  objectRoutes,
  readTask,
  sample,
  stands,
  tasksIn,
} from './own-tasks.ts'

export const checks: Check[] = [
  {
    rows: ['T-152', 'T-153'],
    async run(kit) {
      const task = await makeTask(kit, kit.b)
      const id = idOf(kit, task)
      if (!hasPathUser(kit)) kit.row('T-153').notApplicable('the target has no path-user')
      for (const route of objectRoutes(kit)) {
        for (const foreign of kit.a.tasks) {
          kit
            .row('T-152')
            .missing404(await kit.ask(route, { as: kit.b, id: foreign }), `${route} of A's task on B's path`)
          await kit.unchanged('T-152')
        }
        if (!hasPathUser(kit)) continue
        const answer = await kit.ask(route, { as: kit.b, owner: kit.a, id })
        kit.row('T-153').missing404(answer, `${route} of B's task on A's path`)
        await stands(kit, 'T-153', kit.b, task)
      }
      await kit.control('T-152')
    },
  },
  {
    rows: ['T-155'],
    feature: 'bulk',
    async run(kit) {
      const own = await makeTask(kit, kit.b)
      const before = await readTask(kit, kit.b, idOf(kit, own))
      const foreign = kit.a.tasks[0]!
      await kit.between('T-155', async () => {
        for (const order of [(ids: string[]) => ids, (ids: string[]) => ids.toReversed()]) {
          const mixed = await bulk(kit, order([idOf(kit, own), foreign]))
          const missing = await bulk(kit, order([idOf(kit, own), kit.unknownTask]))
          isSameBut(
            kit,
            'T-155',
            [mixed, foreign],
            [missing, kit.unknownTask],
            'many changes, one of them of A',
          )
        }
        const after = await readTask(kit, kit.b, idOf(kit, own))
        const missing = await bulk(kit, [idOf(kit, own), kit.unknownTask])
        const isWhole = isGood(missing) || after.body.equals(before.body)
        kit.row('T-155').is(isWhole, 'a refused change of many was done in part', after)
        const control = await bulk(kit, [idOf(kit, own)])
        kit.row('T-155').is(isGood(control), `the own change of many answers ${statusOf(control)}`, control)
      })
    },
  },
  {
    rows: ['T-156'],
    feature: 'sub-resources',
    async run(kit) {
      await kit.between('T-156', async () => {
        for (const member of kit.profile.choices.references) await isNoReference(kit, member)
      })
    },
  },
  {
    rows: ['T-157'],
    needs: ['fresh-users'],
    feature: 'idempotency-key',
    async run(kit) {
      const other = await kit.freshUser()
      const headers: [string, string][] = [['Idempotency-Key', kit.random.text(24)]]
      const create = (as: Identity, title: string) =>
        kit.ask('create', { as, headers, body: sample(kit, 'create', { [kit.profile.task.title]: title }) })
      const row = kit.row('T-157')
      const [first, title] = [await create(other, `${other.canary} first`), kit.profile.task.title]
      const mine = await create(kit.b, 'Mine')
      row.is(isGood(first) && isGood(mine), `the same key of two users answers ${statusOf(mine)}`, mine)
      row.is(
        mine.json?.[title] === 'Mine' && idOf(kit, mine.json) !== idOf(kit, first.json),
        "another's answer",
        mine,
      )
      const same = await create(kit.b, 'Mine')
      row.is(
        isGood(same) && idOf(kit, same.json ?? {}) === idOf(kit, mine.json ?? {}),
        'a repetition makes another row',
        same,
      )
      const reused = await create(kit.b, 'Another body')
      row.is(
        [409, 422].includes(reused.status),
        `the own key with another body answers ${statusOf(reused)}`,
        reused,
      )
      const again = await create(other, `${other.canary} first`)
      row.is(
        isGood(again) && idOf(kit, again.json ?? {}) === idOf(kit, first.json ?? {}),
        'its key was used up by another',
        again,
      )
    },
  },
  {
    rows: ['T-159'],
    async run(kit) {
      const looks = Object.entries(kit.profile.routes).filter(
        ([, { method, path }]) => method === 'GET' && !path.includes('{id}'),
      )
      const look = () => Promise.all(looks.map(([route]) => kit.ask(route, { as: kit.a })))
      const before = await look()
      for (let count = 0; count < 3; count += 1) {
        const { [kit.profile.task.id]: id } = await makeTask(kit, kit.b)
        if (has(kit, 'complete') && count === 0) await kit.ask('complete', { as: kit.b, id: String(id) })
        if (count === 1) await kit.ask('delete', { as: kit.b, id: String(id) })
        for (const [index, after] of (await look()).entries()) {
          const difference = differenceBetween(kit, after, before[index]!)
          kit
            .row('T-159')
            .is(difference === null, `what B does shows in A's ${looks[index]![0]}: ${difference}`, after)
        }
      }
      await kit.control('T-159')
    },
  },
  {
    rows: ['T-160'],
    needs: ['fresh-users'],
    feature: 'trash',
    async run(kit) {
      const victim = await kit.freshUser()
      const task = await makeTask(kit, victim, { [kit.profile.task.title]: `${victim.canary} deleted` })
      const id = idOf(kit, task)
      await kit.ask('delete', { as: victim, id })
      for (const route of ['restore', 'purge', ...objectRoutes(kit)] as RouteName[]) {
        if (!has(kit, route)) continue
        kit
          .row('T-160')
          .missing404(await kit.ask(route, { as: kit.b, id }), `${route} of a task in another's trash`)
        if (!hasPathUser(kit)) continue
        const onTheirs = await kit.ask(route, { as: kit.b, owner: victim, id })
        kit.row('T-160').missing404(onTheirs, `${route} on the other's path`)
      }
      if (has(kit, 'trash')) await isNotIn(kit, await kit.ask('trash', { as: kit.b }), id)
      if (has(kit, 'empty-trash')) await kit.ask('empty-trash', { as: await kit.freshUser() })
      const restored = await kit.ask('restore', { as: victim, id })
      kit
        .row('T-160')
        .is(isGood(restored), `what is in the own trash cannot be restored: ${statusOf(restored)}`, restored)
      await stands(kit, 'T-160', victim, task)
    },
  },
  {
    rows: ['T-161'],
    needs: ['deleted'],
    async run(kit) {
      const gone = kit.deleted!
      const requests = Object.keys(kit.profile.routes).map(route => ({
        why: `${route} with the token of a deleted account`,
        request: { ...kit.request(route, { as: gone, id: kit.unknownTask }), as: null },
      }))
      await kit.refuses('T-161', requests)
      if (!canSignUp(kit) || gone.email === undefined) return
      const session = await kit.accounts.signUp({ email: gone.email })
      kit
        .row('T-161')
        .is(session.id !== gone.id, 'a new account with the address has the id of the deleted one')
      const heir: Identity = { ...session, canary: '', tasks: [], session }
      const list = await kit.ask('list', { as: heir })
      kit
        .row('T-161')
        .is(
          isGood(list) && tasksIn(kit, list).length === 0,
          'a new account has rows of the deleted one',
          list,
        )
      await kit.refuses('T-161', [
        { why: 'the old token after the address is taken again', token: gone.token },
      ])
    },
  },
]

/** The sample of many changes, once for each id. */
async function bulk(kit: Kit, ids: string[]): Promise<Answer> {
  return await kit.ask('bulk', {
    as: kit.b,
    body: JSON.stringify(manifold(kit.profile.routes.bulk!.body, ids)),
  })
}

/** Every list in `value` whose one entry speaks of `{id}` has that entry for each of the ids. */
function manifold(value: unknown, ids: string[]): unknown {
  if (Array.isArray(value)) {
    return value.flatMap(entry => ids.map(id => JSON.parse(JSON.stringify(entry).replaceAll('{id}', id))))
  }
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, manifold(entry, ids)]))
}

/** Two answers that differ in nothing but the id that was asked for. */
function isSameBut(
  kit: Kit,
  row: string,
  [one, id]: [Answer, string],
  [other, otherId]: [Answer, string],
  why: string,
): void {
  const masked = (answer: Answer, name: string) => {
    const text = answer.text.replaceAll(name, '{id}')
    return { ...answer, text, json: undefined }
  }
  const difference = differenceBetween(kit, masked(one, id), masked(other, otherId))
  kit.row(row).is(difference === null, `${why}, or never there: ${difference}`, one)
}

/**
 * `parent` is a member that names another task; `list=put-list` one that names what the route put-list makes, whose
 * owner is then a third user.
 */
async function isNoReference(kit: Kit, choice: string): Promise<void> {
  const [member, route] = choice.split('=') as [string, string?]
  if (route && !canSignUp(kit)) return kit.row('T-156').notRun(`${member} needs fresh-users`)
  const owner = route ? await kit.freshUser() : kit.a
  const foreign = route ? await makeThing(kit, route, owner) : kit.a.tasks[0]!
  const missing = neverIssued(foreign, kit.random)
  const own = idOf(kit, await makeTask(kit, kit.b))
  for (const name of ['create', 'replace', 'change'].filter(writing => has(kit, writing))) {
    const refer = (id: string) =>
      kit.ask(name, { as: kit.b, id: own, body: sample(kit, name, { [member]: id }) })
    const answer = await refer(foreign)
    kit
      .row('T-156')
      .is(isRefused(answer), `${name} with another's ${member} answers ${statusOf(answer)}`, answer)
    isSameBut(
      kit,
      'T-156',
      [answer, foreign],
      [await refer(missing), missing],
      `${name} with a ${member} of another`,
    )
  }
  if (route) await areAbsent(kit, route, owner, foreign)
}

/** Made where a PUT makes things under ids of the client's own. */
async function makeThing(kit: Kit, route: RouteName, as: Identity): Promise<string> {
  const id = neverIssued(kit.unknownTask, kit.random)
  const answer = await kit.ask(route, { as, id, headers: [['If-None-Match', '*']] })
  kit.row('T-156').is(isGood(answer), `${route} answers ${statusOf(answer)}`, answer)
  return String((answer.json as Members)?.id ?? id)
}

/** Every route of such things answers B as if this one had never been. */
async function areAbsent(kit: Kit, made: RouteName, owner: Identity, id: string): Promise<void> {
  const { path } = kit.profile.routes[made]!
  for (const [route, spec] of Object.entries(kit.profile.routes)) {
    if (!spec.path.startsWith(path)) continue
    kit
      .row('T-156')
      .missing404(await kit.ask(route, { as: kit.b, id }), `${route} of another's on the own path`)
    if (hasPathUser(kit))
      kit
        .row('T-156')
        .missing404(await kit.ask(route, { as: kit.b, owner, id }), `${route} of another's on their path`)
  }
}

async function isNotIn(kit: Kit, answer: Answer, id: string): Promise<void> {
  kit
    .row('T-160')
    .is(isGood(answer) && !answer.text.includes(id), "the own trash shows another's task", answer)
}
