// §9, T-151: every route × verb × who asks × whose path × which object, made from the profile and held against one
// table of decisions. Whoever adds a route to the profile has it walked.
import type { Check, Identity, Kit } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import type { Route, RouteName } from '../profile.ts'
import { statusOf } from '../row.ts'
import { answers, canSignUp, idOf, isGood, makeTask, sendPatiently } from './own-tasks.ts'

const ROW = 'T-151'

interface Caller {
  name: string
  as?: Identity
  token?: string
  /** What refuses it, whatever it asks for; null for who may come in. */
  refused: 'no-credentials' | 'invalid' | 'expired' | null
}

type Owner = 'own' | 'A' | 'B' | 'nobody' | 'empty'
type Thing = 'own' | "other's" | 'missing' | 'malformed' | 'deleted' | 'none'

interface Cell {
  caller: Caller
  route: RouteName
  method: string
  owner: Owner
  thing: Thing
}

const CORE = new Set(['list', 'create', 'read', 'replace', 'change', 'delete', 'complete'])

export const checks: Check[] = [
  {
    rows: [ROW],
    needs: ['key'],
    deadline: 300,
    async run(kit) {
      let sinceControl = 0
      await kit.control(ROW)
      for (const caller of await callers(kit)) {
        for (const cell of cellsOf(kit, caller)) {
          const answer = await sendPatiently(kit, await requestFor(kit, cell))
          judge(kit, cell, answer)
          if (mayHurt(cell, answer)) await kit.unchanged(ROW)
          sinceControl += 1
          if (sinceControl % 50 === 0) await kit.control(ROW)
        }
      }
      await kit.control(ROW)
      await kit.unchanged(ROW)
    },
  },
]

async function callers(kit: Kit): Promise<Caller[]> {
  const past = { iat: kit.now() - 1_800, exp: kit.now() - 60 }
  const list: Caller[] = [
    { name: 'nobody', refused: 'no-credentials' },
    { name: 'garbage', token: 'garbage', refused: 'invalid' },
    { name: 'an expired token of A', token: kit.mint(kit.a, past), refused: 'expired' },
    { name: 'B', as: kit.b, refused: null },
    // What is A's is never written to: as who asks she reads, and reaches for what is B's.
    { name: 'A', as: kit.a, refused: null },
  ]
  if (kit.deleted) list.push({ name: 'a deleted account', token: kit.deleted.token, refused: 'invalid' })
  const ended = await endedToken(kit)
  if (ended) list.push({ name: 'a token of an ended session', token: ended, refused: 'invalid' })
  return list
}

async function endedToken(kit: Kit): Promise<string | null> {
  const canEnd = canSignUp(kit) && kit.accounts.can('signOut') && !kit.profile.absent.includes('revocation')
  if (!canEnd) return null
  const { session, token } = await kit.freshUser('a signed-out user')
  await kit.accounts.do('signOut', session)
  return token
}

function* cellsOf(kit: Kit, caller: Caller): Generator<Cell> {
  for (const [route, spec] of Object.entries(kit.profile.routes)) {
    for (const method of methodsOf(kit, spec)) {
      for (const owner of ownersOf(spec)) {
        for (const thing of thingsOf(spec)) {
          const cell = { caller, route, method, owner, thing }
          if (isSafe(cell)) yield cell
        }
      }
    }
  }
}

/** The route's own, HEAD beside GET, and one that no route of this path has. */
function methodsOf(kit: Kit, { method, path }: Route): string[] {
  const there = Object.values(kit.profile.routes)
    .filter(route => route.path === path)
    .map(route => route.method)
  const none = ['DELETE', 'PUT', 'PATCH', 'POST', 'QUERY'].find(verb => !there.includes(verb))!
  return [method, ...(method === 'GET' ? ['HEAD'] : []), none]
}

const ownersOf = ({ path }: Route): Owner[] =>
  path.includes('{user}') ? ['own', 'A', 'B', 'nobody', 'empty'] : ['own']

const thingsOf = ({ path }: Route): Thing[] =>
  path.includes('{id}') ? ['own', "other's", 'missing', 'malformed', 'deleted'] : ['none']

/** A's own rows are only read, and nothing of B's is emptied that other checks look at. */
function isSafe({ caller, route, method, owner, thing }: Cell): boolean {
  const isReading = method === 'GET' || method === 'HEAD'
  if (caller.name === 'A' && !isReading && owner !== 'B' && owner !== 'nobody') return false
  return thing !== 'none' || isReading || CORE.has(route) || caller.refused !== null || owner !== 'own'
}

async function requestFor(kit: Kit, { caller, route, method, owner, thing }: Cell): Promise<Request> {
  const holder = caller.as ?? kit.b
  const path = owner === 'own' ? holder : { A: kit.a, B: kit.b, nobody: kit.unknownUser, empty: '' }[owner]
  const id = thing === 'none' ? undefined : await idFor(kit, thing, holder)
  return { ...kit.request(route, { as: caller.as, token: caller.token, owner: path, id }), method }
}

async function idFor(kit: Kit, thing: Thing, holder: Identity): Promise<string> {
  const isA = holder === kit.a
  if (thing === 'missing') return kit.unknownTask
  if (thing === 'malformed') return kit.random.pick(['x', '-1', '%00', 'null', `${kit.unknownTask}x`])
  if (thing === "other's") return isA ? kit.b.tasks[0]! : kit.random.pick(kit.a.tasks)
  if (thing === 'own') return isA ? kit.a.tasks[0]! : idOf(kit, await makeTask(kit, kit.b))
  const gone = idOf(kit, await makeTask(kit, kit.b))
  await kit.ask('delete', { as: kit.b, id: gone })
  return gone
}

/** The table: who has no token, whose path, which method, which object, in this order. */
function judge(kit: Kit, cell: Cell, answer: Answer): void {
  const { caller, method, owner, thing, route } = cell
  const row = kit.row(ROW)
  const path = owner === 'own' ? 'own' : `${owner}'s`
  const why = `${caller.name}: ${method} ${route}, ${path} path, ${thing} object`
  row.unharmed(answer, why)
  if (method === 'HEAD') judgeHead(kit, cell, answer, why)
  else if (caller.refused) row.refused401(answer, why, caller.refused)
  else if (isForeignPath(kit, cell)) row.missing404(answer, why)
  else if (method !== kit.profile.routes[route]!.method) answers(kit, ROW, answer, [400, 405, 501], why)
  else if (!CORE.has(route)) judgeOther(kit, cell, answer, why)
  else if (thing === 'own' || thing === 'none') row.is(isGood(answer), `${why}: ${statusOf(answer)}`, answer)
  else row.missing404(answer, why)
}

function judgeHead(kit: Kit, cell: Cell, answer: Answer, why: string): void {
  const expected = cell.caller.refused ? [401] : isForeignPath(kit, cell) ? [404] : [200, 404]
  kit
    .row(ROW)
    .is(
      expected.includes(answer.status),
      `${why}: ${expected.join(' or ')} expected, ${statusOf(answer)} came`,
      answer,
    )
}

/** Of what a route beyond the core names, the kit knows that it is not a task of A, nor of nobody. */
function judgeOther(kit: Kit, { thing }: Cell, answer: Answer, why: string): void {
  if (thing === 'own' || thing === 'none' || thing === 'deleted') {
    kit.row(ROW).is(answer.status !== 401 && answer.status !== 403, `${why}: ${statusOf(answer)}`, answer)
  } else kit.row(ROW).missing404(answer, why)
}

function isForeignPath(kit: Kit, { caller, owner }: Cell): boolean {
  if (owner === 'own') return false
  return (owner === 'A' ? kit.a : owner === 'B' ? kit.b : null) !== caller.as
}

/** Whether A's rows are worth a look: what succeeded, and any attempt on what is hers. */
function mayHurt({ caller, method, owner, thing }: Cell, answer: Answer): boolean {
  if (method === 'GET' || method === 'HEAD' || caller.name === 'A') return false
  return isGood(answer) || owner === 'A' || thing === "other's"
}
