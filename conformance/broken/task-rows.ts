// Rows of the own account: what is another's is not there.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Exchange, Problem } from './exchange.ts'
import { nothingHere } from './path.ts'
import type { Place } from './routing.ts'
import type { State, Task } from './state.ts'
import { ofUser } from './store.ts'
import { invalid, shown } from './task-members.ts'
import { everybodys } from './task-pages.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function find(
  state: State,
  { user, id }: Omit<Place, 'subject'>,
  act: 'read' | 'write' | 'delete',
): Task {
  const own = state.tasks.get(user)?.get(id)
  if (own) return own
  if (!UUID.test(id) && state.has('malformed-ids-are-400')) throw invalid()
  const foreign = everybodys(state).find(task => task.id === id)
  if (!foreign) throw nothingHere()
  if (act === 'read' && state.has('reads-by-id-alone')) return foreign
  if (act === 'delete' && state.has('deletes-by-id-alone')) return foreign
  if (state.has('says-403-for-anothers-task')) throw new Problem(403, 'forbidden')
  if (state.has('says-whose-it-is'))
    throw new Problem(404, 'not_found', {}, 'This task belongs to somebody else.')
  if (state.has('etag-before-the-owner'))
    throw new Problem(404, 'not_found', { ETag: `"${foreign.revision}"` })
  throw nothingHere()
}

/** The owner is part of every reference. */
export function requireReference(
  state: State,
  user: string,
  to: 'list' | 'parent',
  id?: string | null,
): void {
  if (id === undefined || id === null) return
  const own = to === 'list' ? ofUser(state.store.lists, user).has(id) : state.tasks.get(user)?.has(id)
  const isThere = own || (state.has('references-without-the-owner') && isAnybodys(state, to, id))
  if (!isThere) throw nothingHere()
}

function isAnybodys(state: State, to: 'list' | 'parent', id: string): boolean {
  const maps = to === 'list' ? state.store.lists : state.tasks
  return [...maps.values()].some(own => own.has(id))
}

export async function save(
  exchange: Exchange,
  state: State,
  task: Task,
  members: Partial<Task>,
): Promise<true> {
  const expected = exchange.request.headers['if-match']
  if (expected !== undefined && expected !== '*' && expected !== `"${task.revision}"`)
    throw new Problem(412, 'precondition_failed')
  if (state.has('compares-then-writes')) await sleep(20)
  Object.assign(task, members, {
    updated_at: new Date(state.now()).toISOString(),
    revision: task.revision + 1,
  })
  if (state.has('changes-whatever-is-sent')) move(state, task)
  return exchange.json(200, shown(task, state), { ETag: `"${task.revision}"` })
}

/** A row is its owner's, whoever made it. */
function move(state: State, task: Task): void {
  for (const tasks of state.tasks.values()) tasks.delete(task.id)
  ofUser(state.tasks, task.user_id).set(task.id, task)
}
