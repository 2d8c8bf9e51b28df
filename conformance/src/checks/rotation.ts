// §17: keys that change and accounts that go, under traffic.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { openStream } from '../event-stream.ts'
import { statusOf } from '../row.ts'
import {
  beside,
  cloneOf,
  isGood,
  mustBeDead,
  mustLive,
  type Person,
  tryToken,
  waitForBound,
} from './people.ts'

export const checks: Check[] = [
  {
    rows: ['T-266'],
    needs: ['fresh-users', 'hook:rotate-keys'],
    feature: 'rotation',
    kind: 'destructive',
    deadline: 300,
    last: true,
    run: rotationRefusesNobody,
  },
  {
    rows: ['T-267'],
    needs: ['fresh-users', 'hook:rows'],
    feature: 'delete-account',
    kind: 'destructive',
    run: deletionAmidWrites,
  },
  {
    rows: ['T-269'],
    needs: ['fresh-users'],
    feature: ['delete-account', 'sign-up'],
    run: anEmailIsNotAPerson,
  },
]

const PER_SECOND = 100
/** A target on a busy machine may ask for patience (503) just then. Whom rotating makes unavailable is so each time. */
const ROTATIONS = 3

async function rotationRefusesNobody(kit: Kit): Promise<void> {
  const row = kit.row('T-266')
  const person = await kit.freshUser()
  let rotation = await rotateAmidRequests(kit, person, person.token)
  for (let times = 1; times < ROTATIONS && rotation.bad.length > 0 && isBusy(rotation.bad); times += 1) {
    await kit.hooks['rotate-keys']!({ step: 'retire' })
    rotation = await rotateAmidRequests(kit, person, rotation.newest)
  }
  const { old, newest, sent, bad } = rotation
  row.note(`${sent} requests during the rotation`)
  row.is(
    bad.length === 0,
    `${bad.length} of ${sent} requests are refused during the rotation: ${bad[0] && statusOf(bad[0])}`,
    bad[0],
  )
  row.is(kidOf(newest) !== kidOf(old), 'after the rotation the old key still signs')
  await kit.hooks['rotate-keys']!({ step: 'retire' })
  await mustBeDead(kit, 'T-266', person, old, 'a token of a retired key')
  await mustLive(kit, 'T-266', person, newest, 'a token of the new key')
}

const isBusy = (answers: Answer[]) => answers.every(({ status }) => status === 503)

interface Rotation {
  /** Signed by the key from before, and by the one from after. */
  old: string
  newest: string
  sent: number
  bad: Answer[]
}

async function rotateAmidRequests(kit: Kit, person: Person, old: string): Promise<Rotation> {
  const answers: Promise<Answer>[] = []
  let newest = old
  let isOver = false
  const timer = setInterval(() => {
    answers.push(beside(tryToken(kit, person, old)), beside(tryToken(kit, person, newest)))
  }, 2000 / PER_SECOND)
  const minting = beside(
    (async () => {
      while (!isOver) {
        newest = await kit.accounts.token(cloneOf(person.session))
        await sleep(20)
      }
    })(),
  )
  const rotate = async (step: 'announce' | 'sign') => {
    await kit.hooks['rotate-keys']!({ step })
    await sleep(300)
  }
  try {
    await rotate('announce')
    await rotate('sign')
  } finally {
    isOver = true
    clearInterval(timer)
  }
  await minting
  newest = await kit.accounts.token(person.session)
  const bad = (await Promise.all(answers)).filter(answer => !isGood(answer))
  return { old, newest, sent: answers.length, bad }
}

function kidOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[0]!, 'base64url').toString()).kid
}

const WRITES = 60
const HELD_BACK = 10

/** Each write is wholly before the deletion, and gone with it, or refused. Some begin before it and end after it. */
async function deletionAmidWrites(kit: Kit): Promise<void> {
  const row = kit.row('T-267')
  const person = await kit.freshUser()
  const bytes = kit.bytesOf(kit.request('create', { as: person }))
  const held = await Promise.all(
    Array.from({ length: HELD_BACK }, () => openStream(kit.profile, bytes.subarray(0, -1), 50)),
  )
  const writes = Array.from({ length: WRITES }, (_, number) =>
    beside(sleep(number).then(() => kit.ask('create', { as: person }))),
  )
  await sleep(WRITES / 2)
  const deleted = await kit.accounts.do('deleteAccount', cloneOf(person.session))
  row.is(isGood(deleted), `deleting amid writes is answered ${statusOf(deleted)}`, deleted)
  const answers = await Promise.all(writes)
  const odd = answers.find(({ status }) => status === 0 || status >= 500)
  row.is(odd === undefined, `a write amid the deletion is answered ${odd && statusOf(odd)}`, odd)
  for (const stream of held) stream.write(bytes.subarray(-1))
  await sleep(500)
  const late = held.find(({ status }) => (status >= 200 && status <= 299) || status >= 500)
  row.is(late === undefined, `a write that ends after the deletion is answered ${late?.status}`)
  for (const stream of held) stream.close()
  await waitForBound(kit)
  const { rows } = await kit.hooks.rows!({ user: person.id })
  row.is(rows === 0, `${rows} rows were written after the deletion of their owner`)
}

async function anEmailIsNotAPerson(kit: Kit): Promise<void> {
  const row = kit.row('T-269')
  const person = await kit.freshUser()
  const { email, password } = person.session
  const deleted = await kit.accounts.do('deleteAccount', cloneOf(person.session))
  row.is(isGood(deleted), `deleting the account is answered ${statusOf(deleted)}`, deleted)
  const again = await kit.accounts.signUp({ email, password })
  row.is(again.id !== person.id, 'whoever takes a deleted e-mail gets the old id')
  await mustBeDead(kit, 'T-269', person, person.token, 'a token of the account that was deleted')
  const successor = { ...person, name: 'the next owner of the e-mail', id: again.id, token: again.token }
  const list = await kit.ask('list', { as: successor })
  row.is(isGood(list), `the list of the new account is answered ${statusOf(list)}`, list)
  row.is(!list.text.includes(person.canary), 'whoever takes a deleted e-mail sees the old data', list)
  const reached = await kit.ask('read', { as: successor, id: person.tasks[0] })
  row.missing404(reached, "a task of the deleted account, under the new owner's path")
}
