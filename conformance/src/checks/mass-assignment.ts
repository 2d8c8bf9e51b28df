// §10: a client says what a task says, the server whose it is and when it was; answers say what is documented.
import type { Check, Kit } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import type { RouteName } from '../profile.ts'
import { statusOf } from '../row.ts'
import { neverIssued } from '../world.ts'
import {
  answers,
  has,
  idOf,
  isGood,
  isRefused,
  type Members,
  makeTask,
  readTask,
  sample,
  stands,
  tasksIn,
} from './own-tasks.ts'

const OWNERS = ['user_id', 'userId', 'owner', 'owner_id', 'ownerId', 'sub', 'user', 'account_id']
const LONG_AGO = '2001-02-03T04:05:06.789Z'

export const checks: Check[] = [
  {
    rows: ['T-162'],
    async run(kit) {
      await kit.between('T-162', async () => {
        for (const route of writing(kit)) {
          for (const name of owners(kit)) {
            const { answer, id } = await write(kit, route, { [name]: kit.a.id })
            staysBs(kit, 'T-162', answer, `${route} with ${name}`)
            if (id !== null) await isReadable(kit, 'T-162', id, `${route} with ${name}`)
          }
        }
      })
    },
  },
  {
    rows: ['T-163'],
    feature: 'change',
    async run(kit) {
      for (const name of owners(kit)) {
        const task = await makeTask(kit, kit.b)
        for (const value of [kit.a.id, [kit.a.id], null]) {
          const answer = await kit.ask('change', { as: kit.b, id: idOf(kit, task), body: { [name]: value } })
          staysBs(kit, 'T-163', answer, `PATCH ${name}: ${JSON.stringify(value)}`)
          await stands(kit, 'T-163', kit.b, task)
          await kit.unchanged('T-163')
        }
      }
      await kit.control('T-163')
    },
  },
  {
    rows: ['T-164'],
    async run(kit) {
      const values: Members = {
        [kit.profile.task.id]: neverIssued(kit.unknownTask, kit.random),
        created_at: LONG_AGO,
        updated_at: LONG_AGO,
        completed_at: LONG_AGO,
        deleted_at: LONG_AGO,
        version: 987_654,
        revision: 987_654,
      }
      await kit.between('T-164', async () => {
        for (const route of writing(kit)) {
          for (const [name, value] of Object.entries(values)) {
            const { answer, id } = await write(kit, route, { [name]: value })
            if (isRefused(answer)) answers(kit, 'T-164', answer, [400, 422], `${route} with ${name}`)
            const after = id === null ? answer : await readTask(kit, kit.b, id)
            const isSet = [answer, after].some(({ json }) => json?.[name] === value)
            kit.row('T-164').is(!isSet && after.status < 500, `${route} sets ${name}`, after)
          }
        }
      })
    },
  },
  {
    rows: ['T-166'],
    async run(kit) {
      const { title, completed, description } = kit.profile.task
      const wrong: [name: string | undefined, values: unknown[]][] = [
        [title, [{}, [], 0, 1, null, true, ['x'], { $ne: null }]],
        [completed, ['false', 'true', '', 1, 0, null, [], {}, 'yes']],
        [description, [0, true, {}, [], ['x']]],
      ]
      for (const route of writing(kit)) {
        for (const [name, values] of wrong) {
          for (const value of name === undefined ? [] : values) {
            const { answer } = await write(kit, route, { [name!]: value })
            answers(kit, 'T-166', answer, [400, 422], `${route} with ${name} ${JSON.stringify(value)}`)
          }
        }
      }
      await kit.control('T-166')
    },
  },
  {
    rows: ['T-167'],
    async run(kit) {
      const { members } = kit.profile.task
      if (!members) return kit.row('T-167').notRun('the profile does not say the members of a task')
      const id = idOf(kit, await makeTask(kit, kit.b))
      for (const route of ['create', 'read', 'replace', 'change', 'complete', 'list'].filter(name =>
        has(kit, name),
      )) {
        const answer = await kit.ask(route, { as: kit.b, id })
        const tasks = route === 'list' ? tasksIn(kit, answer) : [answer.json as Members]
        kit
          .row('T-167')
          .is(isGood(answer) && tasks.length > 0, `${route} answers ${statusOf(answer)}`, answer)
        for (const task of tasks) hasMembers(kit, route, task, answer)
      }
    },
  },
  {
    rows: ['T-168'],
    needs: ['accounts'],
    feature: 'sign-up',
    async run(kit) {
      const extra: Members = {
        role: 'admin',
        emailVerified: true,
        email_verified: true,
        id: kit.unknownUser,
        banned: true,
        is_admin: true,
        createdAt: LONG_AGO,
        permissions: ['*'],
      }
      const { accounts } = kit
      for (const [name, value] of [...Object.entries(extra), ['all', extra] as const]) {
        const members = name === 'all' ? (value as Members) : { [name]: value }
        const session = { id: '', token: '', cookies: new Map(), ...accounts.newValues() }
        const answer = await accounts.do('signUp', session, {}, withMembers(members))
        isNotTold(kit, `signing up with ${name}`, members, answer)
        if (isGood(answer) && accounts.can('getSession')) {
          isNotTold(
            kit,
            `the session after signing up with ${name}`,
            members,
            await accounts.do('getSession', session),
          )
        }
      }
      if (accounts.can('updateUser')) await updatesNothing(kit, extra)
    },
  },
]

/** The routes that take a body. */
function writing(kit: Kit): RouteName[] {
  return ['create', 'replace', 'change'].filter(route => has(kit, route))
}

const owners = (kit: Kit) => [...new Set([...OWNERS, kit.profile.task.owner ?? 'user_id'])]

/** A row of B's with these members, and its id when it was written. */
async function write(
  kit: Kit,
  route: RouteName,
  members: Members,
): Promise<{ answer: Answer; id: string | null }> {
  const id = route === 'create' ? undefined : idOf(kit, await makeTask(kit, kit.b))
  const answer = await kit.ask(route, { as: kit.b, id, body: sample(kit, route, members) })
  if (id !== undefined) return { answer, id }
  return { answer, id: isGood(answer) ? idOf(kit, answer.json) : null }
}

function staysBs(kit: Kit, row: string, answer: Answer, why: string): void {
  if (!isGood(answer)) return void answers(kit, row, answer, [400, 422], why)
  const { owner } = kit.profile.task
  const isBs = owner === undefined || answer.json?.[owner] === kit.b.id
  kit.row(row).is(isBs && !answer.bytes.includes(kit.a.id), `${why}: the row is no longer B's`, answer)
}

async function isReadable(kit: Kit, row: string, id: string, why: string): Promise<void> {
  const answer = await readTask(kit, kit.b, id)
  kit.row(row).is(isGood(answer), `${why}: then B's own row answers ${statusOf(answer)}`, answer)
}

function hasMembers(kit: Kit, route: RouteName, task: Members, answer: Answer): void {
  const names = Object.keys(task ?? {})
    .sort()
    .join(', ')
  const expected = [...kit.profile.task.members!].sort().join(', ')
  kit
    .row('T-167')
    .is(names === expected, `${route} answers with ${names}; documented are ${expected}`, answer)
}

function withMembers(members: Members) {
  return (request: Request): Request => ({
    ...request,
    body: JSON.stringify({ ...(JSON.parse(String(request.body ?? '{}')) as Members), ...members }),
  })
}

/** No answer repeats such a value as one it took. */
function isNotTold(kit: Kit, why: string, members: Members, answer: Answer): void {
  const row = kit.row('T-168')
  row.unharmed(answer, why)
  if (!isGood(answer))
    return void row.is([400, 403, 409, 422].includes(answer.status), `${why}: ${statusOf(answer)}`, answer)
  const taken = Object.entries(members).find(([name, value]) => says(answer.json, name, value))
  row.is(taken === undefined, `${why} sets ${taken?.[0]}`, answer)
}

function says(value: unknown, name: string, expected: unknown): boolean {
  if (value === null || typeof value !== 'object') return false
  return Object.entries(value).some(
    ([key, entry]) =>
      (key === name && JSON.stringify(entry) === JSON.stringify(expected)) || says(entry, name, expected),
  )
}

async function updatesNothing(kit: Kit, extra: Members): Promise<void> {
  const { session } = await kit.freshUser()
  for (const [name, value] of Object.entries(extra)) {
    const answer = await kit.accounts.do('updateUser', session, {}, withMembers({ [name]: value }))
    isNotTold(kit, `changing ${name}`, { [name]: value }, answer)
    if (kit.accounts.can('getSession'))
      isNotTold(
        kit,
        `the session after changing ${name}`,
        { [name]: value },
        await kit.accounts.do('getSession', session),
      )
  }
}
