// What a client may say of a task, and what an answer says of it.
import { Problem } from './exchange.ts'
import type { State, Task } from './state.ts'

type Given = Partial<Pick<Task, 'title' | 'description' | 'completed' | 'list' | 'parent'>>

export const MAX_TITLE = 200
export const MAX_DESCRIPTION = 10_000

const CHECKS: Record<string, (value: unknown) => boolean> = {
  title: value => isText(value, MAX_TITLE) && value.length > 0,
  description: value => value === null || isText(value, MAX_DESCRIPTION),
  completed: value => typeof value === 'boolean',
  list: value => value === null || isText(value, 100),
  parent: value => value === null || isText(value, 100),
}

/** PostgreSQL holds no U+0000, and UTF-8 no lone surrogate. */
function isText(value: unknown, most: number): value is string {
  return (
    typeof value === 'string' && value.isWellFormed() && !value.includes('\0') && [...value].length <= most
  )
}

export function membersOf(body: unknown, state: State, { needsTitle }: { needsTitle: boolean }): Given {
  if (state.has('walks-bodies-by-recursion')) depthOf(body)
  if (body === null && state.has('forgets-that-null-is-an-object'))
    return requireTitle(body as never, needsTitle)
  if (body === null || typeof body !== 'object' || Array.isArray(body)) throw invalid()
  const given = adjusted(body as Record<string, unknown>, state)
  refuseUnknown(given, state)
  return requireTitle(given, needsTitle)
}

function requireTitle(given: object, needsTitle: boolean): Given {
  if (needsTitle && !('title' in given)) throw invalid()
  return given
}

function refuseUnknown(given: Record<string, unknown>, state: State): void {
  for (const [name, value] of Object.entries(given)) {
    const isKnown = Object.hasOwn(CHECKS, name)
    if (!isKnown && isOpenTo(name, state)) continue
    if (
      isKnown &&
      typeof value === 'string' &&
      value.includes('\0') &&
      state.has('leaves-nul-to-the-database')
    )
      throw new Error('invalid byte sequence for encoding "UTF8": 0x00')
    if (!isKnown || !CHECKS[name]!(value)) throw invalid()
  }
}

function isOpenTo(name: string, state: State): boolean {
  if (name === 'access_token') return state.has('takes-the-token-from-a-body')
  if (name === '__proto__') return state.has('merges-bodies-deeply')
  if (name === 'user_id' && state.has('takes-the-owner-from-the-body')) return true
  return state.has('spreads-the-body-over-the-row') || state.has('changes-whatever-is-sent')
}

/** What servers do to values before they look at them. */
function adjusted(body: Record<string, unknown>, state: State): Record<string, unknown> {
  const given = { ...body }
  if (state.has('converts-types')) {
    if ('title' in given) given.title = String(given.title) || 'Untitled'
    if ('description' in given) given.description = String(given.description)
    if ('completed' in given) given.completed = Boolean(given.completed)
  }
  if (state.has('cuts-long-texts') && typeof given.title === 'string')
    given.title = given.title.slice(0, MAX_TITLE)
  return given
}

/** Every member is looked at by a validator of its own, which looks at its members. */
function depthOf(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0
  const depths = Object.entries(value).flatMap(([, entry]) => [entry].map(member => [member].map(depthOf)))
  return 1 + Math.max(0, ...depths.flat())
}

/** Named one by one: what else a row holds stays here. */
export function shown(task: Task, state: State): object {
  if (state.has('answers-with-the-row')) return { ...task, search_text: task.title.toLowerCase() }
  const { id, user_id, title, description, completed, list, parent, created_at, updated_at } = task
  return { id, user_id, title, description, completed, list, parent, created_at, updated_at }
}

export function invalid(): Problem {
  return new Problem(400, 'invalid_request')
}
