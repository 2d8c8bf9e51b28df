// The revocation protocol as a state machine small enough to walk through completely: what the database has
// committed, API instances with their leases, polls that may be slow, lost or doubled, sign-outs with their
// barrier. Time is ticks; a timer is what is left of it. One rule can be broken to see what it is for.

/** A lease in ticks, and how long a barrier waits: one more, for an instance whose clock runs slow. */
const LEASE = 1
const WAIT = 2

export interface Rules {
  leaseAndEntriesInOneTransaction?: true
  entriesAndSeqFromTwoStatements?: true
  leasesReadBeforeCommit?: true
  silentInstancesNotWaitedFor?: true
  silenceWithoutSlack?: true
  boundWithoutSlack?: true
  silenceCountedFromCommit?: true
  silentRowRemovedThoughPolled?: true
  expiryByWallClock?: true
  leaseExtendedBeforeEntriesApply?: true
  goneSessionAnswersAtOnce?: true
  restartNotWaitedOut?: true
  restartUnnoticedWhileWaiting?: true
  anyCursorIsTaken?: true
}

export interface Scenario {
  /** The session each sign-out ends, in turn of their numbers; one session may be signed out twice. */
  signOuts: number[]
  instances?: number
  /** Polls of one instance under way at a time. */
  polls?: number
  /** How often each of these may happen. */
  duplicates?: number
  slowTicks?: number
  processRestarts?: number
  databaseRestarts?: number
  restartsThatLoseLeases?: number
  restores?: number
  clockJumps?: number
}

type Cursor = { epoch: number; seq: number } | null
interface Row {
  epoch: number
  ack: number
  /** By a wall clock that has jumped. */
  expired: boolean
}
interface Instance {
  id: number
  known: number[]
  lease: number
  cursor: Cursor
}
interface Poll {
  id: number
  after: Cursor
  age: number
  stage: 'sent' | 'leased' | 'half-read' | 'read' | 'extended'
  answer: { epoch: number; seq: number; sids: number[] }
}
interface SignOut {
  sid: number
  stage: 'idle' | 'committed' | 'waiting' | 'blind' | 'over'
  /** It may have been while its barrier still reads and removes. */
  answered: boolean
  waitingFor: { id: number; polledSince: boolean }[]
  head: number
  epoch: number
  /** Ticks until silence is long enough, and until a whole wait since the commit is over. */
  left: number
  sinceCommit: number
}
export interface State {
  epoch: number
  entries: number[]
  leases: Record<number, Row>
  instances: Instance[]
  polls: Poll[]
  signOuts: SignOut[]
  seen: { epoch: number; left: number }
  ids: number
  used: Record<string, number>
}
type Step = [name: string, change: (state: State) => void]

/** The shortest way to a token accepted after its sign-out had answered, as step names; null when there is none. */
export function findViolation(
  scenario: Scenario,
  rules: Rules = {},
): { steps: string[] | null; states: number } {
  const start = JSON.stringify(initial(scenario))
  const cameFrom = new Map<string, [string, string]>([[start, ['', '']]])
  const queue = [start]
  for (const key of queue) {
    const state: State = JSON.parse(key)
    if (isViolated(state)) return { steps: trace(cameFrom, key), states: cameFrom.size }
    for (const [name, change] of steps(state, scenario, rules)) {
      const next: State = JSON.parse(key)
      change(next)
      next.polls.sort((a, b) => a.id - b.id || a.age - b.age)
      const nextKey = JSON.stringify(next)
      if (cameFrom.has(nextKey)) continue
      cameFrom.set(nextKey, [key, name])
      queue.push(nextKey)
    }
  }
  return { steps: null, states: cameFrom.size }
}

/** Presented now, a token is accepted under a running lease by whoever does not know its session has ended. */
function isViolated({ signOuts, instances }: State): boolean {
  return signOuts.some(
    ({ answered, sid }) =>
      answered && instances.some(({ lease, known }) => lease > 0 && !known.includes(sid)),
  )
}

function initial({ signOuts, instances = 1 }: Scenario): State {
  return {
    epoch: 0,
    entries: [],
    leases: {},
    instances: Array.from({ length: instances }, (_, id) => ({ id, known: [], lease: 0, cursor: null })),
    polls: [],
    signOuts: signOuts.map(sid => ({
      sid,
      stage: 'idle',
      answered: false,
      waitingFor: [],
      head: 0,
      epoch: 0,
      left: 0,
      sinceCommit: 0,
    })),
    seen: { epoch: 0, left: 0 },
    ids: instances,
    used: {},
  }
}

function steps(state: State, scenario: Scenario, rules: Rules): Step[] {
  return [
    ...state.instances.flatMap((instance, at) => instanceSteps(state, instance, at, scenario)),
    ...state.polls.flatMap((poll, at) => pollSteps(state, poll, at, scenario, rules)),
    ...state.signOuts.flatMap((signOut, at) => signOutSteps(signOut, at, rules)),
    ...databaseSteps(state, scenario),
    ['tick', next => tick(next, true)],
    ...allowed(state, scenario, 'slowTicks', next => tick(next, false)),
  ]
}

/** A step that may happen only so many times. */
function allowed(state: State, scenario: Scenario, name: keyof Scenario, change: Step[1]): Step[] {
  if ((state.used[name] ?? 0) >= Number(scenario[name] ?? 0)) return []
  const use = (next: State) => {
    next.used[name] = (next.used[name] ?? 0) + 1
    change(next)
  }
  return [[name, use]]
}

function instanceSteps(state: State, instance: Instance, at: number, scenario: Scenario): Step[] {
  const underWay = state.polls.filter(poll => poll.id === instance.id).length
  const send = (next: State) => {
    const { id, cursor } = next.instances[at]!
    next.polls.push({ id, after: cursor, age: 0, stage: 'sent', answer: { epoch: 0, seq: 0, sids: [] } })
  }
  const restart = (next: State) => {
    next.instances[at] = { id: next.ids, known: [], lease: 0, cursor: null }
    next.ids += 1
  }
  return [
    ...(underWay < (scenario.polls ?? 1) ? [[`instance ${instance.id} polls`, send] as Step] : []),
    ...allowed(state, scenario, 'processRestarts', restart),
  ]
}

function pollSteps(state: State, poll: Poll, at: number, scenario: Scenario, rules: Rules): Step[] {
  const name = `poll of ${poll.id}`
  const lost: Step = [`${name} is lost`, next => next.polls.splice(at, 1)]
  const to = (stage: Poll['stage'], change: (next: State, poll: Poll) => void): Step => [
    `${name}: ${stage}`,
    next => {
      change(next, next.polls[at]!)
      next.polls[at]!.stage = stage
    },
  ]
  const readEntries = (next: State, { after, answer }: Poll) => {
    answer.sids = next.entries.slice(isTaken(next, after, rules) ? after!.seq : 0).toSorted()
  }
  const readSeq = (next: State, { answer }: Poll) => {
    Object.assign(answer, { epoch: next.epoch, seq: next.entries.length })
  }
  const read = (next: State, own: Poll) => {
    readEntries(next, own)
    readSeq(next, own)
  }
  const lease = (next: State, own: Poll) => renewLease(next, own, rules)

  switch (poll.stage) {
    case 'sent':
      return [
        lost,
        rules.leaseAndEntriesInOneTransaction ? to('half-read', read) : to('leased', lease),
        ...allowed(state, scenario, 'duplicates', next => lease(next, next.polls[at]!)),
      ]
    case 'leased':
      return [lost, rules.entriesAndSeqFromTwoStatements ? to('half-read', readEntries) : to('read', read)]
    case 'half-read':
      return [lost, to('read', rules.leaseAndEntriesInOneTransaction ? lease : readSeq)]
    case 'read':
      if (rules.leaseExtendedBeforeEntriesApply) return [lost, to('extended', extendLease)]
      return [lost, [`${name} is applied`, next => apply(next, at, extendLease)]]
    case 'extended':
      return [[`${name} is applied`, next => apply(next, at, () => {})]]
  }
}

function isTaken(state: State, after: Cursor, rules: Rules): boolean {
  if (after === null || rules.anyCursorIsTaken) return after !== null
  return after.epoch === state.epoch && after.seq <= state.entries.length
}

function renewLease(state: State, { id, after }: Poll, rules: Rules): void {
  const ack = isTaken(state, after, rules) ? after!.seq : -1
  state.leases[id] = { epoch: state.epoch, ack, expired: false }
  // The product counts polls and compares: the same said shorter.
  for (const { waitingFor } of state.signOuts)
    for (const waited of waitingFor) waited.polledSince ||= waited.id === id
}

function extendLease(state: State, poll: Poll): void {
  const instance = state.instances.find(({ id }) => id === poll.id)
  if (instance) instance.lease = Math.max(instance.lease, LEASE - poll.age)
}

function apply(state: State, at: number, extend: typeof extendLease): void {
  const [poll] = state.polls.splice(at, 1) as [Poll]
  const instance = state.instances.find(({ id }) => id === poll.id)
  if (!instance) return
  instance.known = [...new Set([...instance.known, ...poll.answer.sids])].toSorted()
  instance.cursor = { epoch: poll.answer.epoch, seq: poll.answer.seq }
  extend(state, poll)
}

function signOutSteps(signOut: SignOut, at: number, rules: Rules): Step[] {
  const name = `sign-out ${at + 1}`
  const step = (what: string, change: (state: State, own: SignOut) => void): Step => [
    `${name} ${what}`,
    next => change(next, next.signOuts[at]!),
  ]
  const isLong = rules.boundWithoutSlack ? signOut.sinceCommit < WAIT : signOut.sinceCommit === 0
  const leave = step('answers, whatever could be read', (_, own) => Object.assign(own, { answered: true }))
  const whole = isLong && !signOut.answered ? [leave] : []
  switch (signOut.stage) {
    case 'idle':
      return [step('commits', (state, own) => commit(state, own, rules))]
    case 'committed':
      return [step('reads the leases', (state, own) => readLeases(state, own, rules)), ...whole]
    case 'waiting':
      return [step('looks', (state, own) => look(state, own, rules)), ...whole]
    case 'blind':
      return signOut.sinceCommit > 0 ? [] : [step('answers', (_, own) => answer(own))]
    case 'over':
      return []
  }
}

function commit(state: State, own: SignOut, rules: Rules): void {
  const isGone = state.entries.includes(own.sid)
  if (isGone && rules.goneSessionAnswersAtOnce) {
    answer(own)
    return
  }
  const read = Object.keys(state.leases).map(id => ({ id: Number(id), polledSince: false }))
  if (!isGone) state.entries.push(own.sid)
  Object.assign(own, { stage: 'committed', sinceCommit: WAIT })
  if (!rules.leasesReadBeforeCommit) return
  // As if read just before; an instance that got its lease in between is missing.
  const known = state.polls.some(({ stage }) => stage === 'leased') ? [] : read
  Object.assign(own, { stage: 'waiting', waitingFor: known, head: state.entries.length, left: WAIT })
}

function readLeases(state: State, own: SignOut, rules: Rules): void {
  own.waitingFor = Object.entries(state.leases)
    .filter(([, row]) => row.epoch !== state.epoch || row.ack < state.entries.length)
    .filter(([, row]) => !(rules.expiryByWallClock && row.expired))
    .map(([id]) => ({ id: Number(id), polledSince: false }))
  const silence = rules.silenceCountedFromCommit ? own.sinceCommit : WAIT
  const shortened = rules.silentInstancesNotWaitedFor ? 0 : rules.silenceWithoutSlack ? LEASE : silence
  Object.assign(own, { stage: 'waiting', head: state.entries.length, epoch: state.epoch, left: shortened })
}

function look(state: State, own: SignOut, rules: Rules): void {
  if (state.epoch !== own.epoch && !rules.restartUnnoticedWhileWaiting) {
    own.stage = 'blind'
    return
  }
  own.waitingFor = own.waitingFor.filter(({ id }) => {
    const row = state.leases[id]
    return row && (row.epoch !== own.epoch || row.ack < own.head)
  })
  if (own.waitingFor.length > 0 && own.left > 0) return
  for (const { id, polledSince } of own.waitingFor)
    if (!polledSince || rules.silentRowRemovedThoughPolled) delete state.leases[id]
  own.waitingFor = []
  if (state.seen.epoch !== own.epoch) state.seen = { epoch: own.epoch, left: WAIT }
  if (state.seen.left === 0 || rules.restartNotWaitedOut) answer(own)
}

/** What it waited for no longer matters: one state instead of many. */
function answer(own: SignOut): void {
  const nothing = { waitingFor: [], head: 0, epoch: 0, left: 0, sinceCommit: 0 }
  Object.assign(own, { stage: 'over', answered: true, ...nothing })
}

function databaseSteps(state: State, scenario: Scenario): Step[] {
  const restart = (next: State) => {
    next.epoch += 1
  }
  const forget = (next: State) => {
    next.epoch += 1
    next.leases = {}
  }
  // A restore ends every session: what had been answered before it is about sessions that are no more.
  const restore = (next: State) => {
    next.epoch += 1
    next.entries = []
    next.signOuts = next.signOuts.filter(({ stage }) => stage === 'idle')
  }
  const jump = (next: State) => {
    for (const row of Object.values(next.leases)) row.expired = true
  }
  return [
    ...allowed(state, scenario, 'databaseRestarts', restart),
    ...allowed(state, scenario, 'restartsThatLoseLeases', forget),
    ...allowed(state, scenario, 'restores', restore),
    ...allowed(state, scenario, 'clockJumps', jump),
  ]
}

function tick(state: State, forInstances: boolean): void {
  const less = (left: number) => Math.max(0, left - 1)
  if (forInstances) {
    for (const instance of state.instances) instance.lease = less(instance.lease)
    for (const poll of state.polls) poll.age = Math.min(LEASE, poll.age + 1)
  }
  for (const signOut of state.signOuts) {
    signOut.left = less(signOut.left)
    signOut.sinceCommit = less(signOut.sinceCommit)
  }
  state.seen.left = less(state.seen.left)
}

function trace(cameFrom: Map<string, [string, string]>, key: string): string[] {
  const names: string[] = []
  for (let [from, name] = cameFrom.get(key)!; name; [from, name] = cameFrom.get(from)!) names.unshift(name)
  return names
}
