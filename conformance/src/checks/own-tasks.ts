// What the checks of isolation share: tasks of one's own, and how two answers differ.
import { setTimeout as sleep } from 'node:timers/promises'
import { type Ask, type Identity, type Kit, TargetFault } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import { pointTo } from '../json-pointer.ts'
import type { RouteName } from '../profile.ts'
import { createReference } from '../reference.ts'
import { statusOf } from '../row.ts'

export type Members = Record<string, unknown>

/** Who may be written to: an account of the check's own where the profile can have one, else B. */
export async function writer(kit: Kit, name?: string): Promise<Identity> {
  return canSignUp(kit) ? await kit.freshUser(name) : kit.b
}

export function canSignUp(kit: Kit): boolean {
  return kit.accounts.can('signUp') && kit.profile.issuer !== undefined
}

export function has(kit: Kit, route: RouteName): boolean {
  return kit.profile.routes[route] !== undefined
}

/** The sample of the profile with these members instead. */
export function sample(kit: Kit, route: RouteName, members: Members = {}): Members {
  return { ...(kit.profile.routes[route]!.body as Members), ...members }
}

export async function makeTask(kit: Kit, as: Identity, members: Members = {}): Promise<Members> {
  const request = kit.request('create', { as, body: sample(kit, 'create', members) })
  const answer = await sendPatiently(kit, request)
  if (!isGood(answer))
    throw new TargetFault(`creating a task answered ${answer.status}: ${answer.text.slice(0, 200)}`)
  return answer.json as Members
}

/** The id of a new task of `as`. */
export async function makeId(kit: Kit, as: Identity, members?: Members): Promise<string> {
  return idOf(kit, await makeTask(kit, as, members))
}

export function idOf(kit: Kit, task: Members): string {
  return String(task[kit.profile.task.id])
}

export function tasksIn(kit: Kit, answer: Answer): Members[] {
  const list = pointTo(answer.json, kit.profile.task.list)
  return Array.isArray(list) ? list : []
}

export async function readTask(kit: Kit, as: Identity, id: string, ask: Ask = {}): Promise<Answer> {
  return await kit.ask('read', { as, id, ...ask })
}

/** What `as` has is still there, and says the same. */
export async function stands(kit: Kit, row: string, as: Identity, task: Members): Promise<boolean> {
  const answer = await readTask(kit, as, idOf(kit, task))
  const title = kit.profile.task.title
  return kit
    .row(row)
    .is(
      isGood(answer) && answer.json?.[title] === task[title],
      `the own task answers ${statusOf(answer)}`,
      answer,
    )
}

/** A server that has too much to do may say so, and when to come back: that is no answer to what was asked. */
export async function sendPatiently(kit: Kit, request: Request): Promise<Answer> {
  for (let tries = 0; ; tries += 1) {
    const answer = await kit.send(request)
    const wait = Number(answer.header('retry-after'))
    if (answer.status !== 503 || !(wait <= 5) || tries === 5) return answer
    await sleep(wait * 1_000, undefined, { signal: kit.signal })
  }
}

export const isGood = ({ status }: Answer) => status >= 200 && status <= 299

export const isRefused = ({ status }: Answer) => status >= 400 && status <= 499

/** Status, header names in order, header values and body, but for what varies by the profile. */
export function differenceBetween(kit: Kit, answer: Answer, other: Answer): string | null {
  return createReference(kit.profile, () => ({ invalid: other, missing: other })).differenceFrom404(answer)
}

/** One of these statuses. */
export function answers(kit: Kit, row: string, answer: Answer, statuses: number[], why: string): boolean {
  const expected = statuses.join(' or ')
  return kit
    .row(row)
    .is(statuses.includes(answer.status), `${why}: ${expected} expected, ${statusOf(answer)} came`, answer)
}

export function hasPathUser(kit: Kit): boolean {
  return !kit.profile.absent.includes('path-user')
}

/** The routes of one task. */
export function objectRoutes(kit: Kit): RouteName[] {
  return ['read', 'replace', 'change', 'delete', 'complete'].filter(route => has(kit, route))
}
