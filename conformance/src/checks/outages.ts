// §17: what is accepted, and promised, while a part is down.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Check, Identity, Kit, Row } from '../check.ts'
import type { Answer, Destination } from '../client.ts'
import { statusOf } from '../row.ts'
import { nameFor } from './logs.ts'
import {
  beside,
  cloneOf,
  isGood,
  mustBeDead,
  mustLive,
  tokenStillGiven,
  tryToken,
  waitForBound,
} from './people.ts'

export const checks: Check[] = [
  {
    rows: ['T-254'],
    needs: ['fresh-users', 'hook:database'],
    feature: ['sign-out', 'revocation'],
    kind: 'destructive',
    deadline: 120,
    run: noSuccessWithoutEffect,
  },
  {
    rows: ['T-257'],
    needs: ['fresh-users', 'hook:restart'],
    feature: 'revocation',
    kind: 'destructive',
    deadline: 180,
    run: restartsForgetNothing,
  },
  {
    rows: ['T-258'],
    needs: ['hook:start-without-feed', 'hook:feed', 'hook:restart'],
    feature: ['revocation-feed', 'feed-network'],
    kind: 'destructive',
    deadline: 180,
    run: notKnowingIsNotReady,
  },
  {
    rows: ['T-261'],
    needs: ['fresh-users', 'issuer'],
    feature: 'revocation-feed',
    run: strangersAreNotBelieved,
  },
  {
    rows: ['T-262'],
    needs: ['hook:revoke-many'],
    feature: 'revocation',
    kind: 'destructive',
    deadline: 300,
    run: manyRevocationsAreBorne,
  },
  {
    rows: ['T-264'],
    needs: ['fresh-users', 'hook:feed'],
    feature: ['replicas', 'revocation'],
    kind: 'destructive',
    deadline: 120,
    run: cutOffInstancesAcceptNothing,
  },
]

const PATIENCE_MS = 15_000

/** Until the list is answered 2xx again. */
async function recovery(kit: Kit, who: Identity = kit.b): Promise<void> {
  const end = performance.now() + PATIENCE_MS
  while (!isGood(await tryToken(kit, who, who.token)) && performance.now() < end) await sleep(50)
}

async function noSuccessWithoutEffect(kit: Kit): Promise<void> {
  const row = kit.row('T-254')
  const { database, feed } = kit.hooks
  const hasFeed = !kit.profile.absent.includes('feed-network')
  if (hasFeed && !feed) row.notRun('a feed that is down needs hook:feed')
  for (const [what, switchTo] of [
    ['the database', (up: boolean) => database!({ up })],
    ...(feed ? [['the feed', (up: boolean) => feed({ up })] as const] : []),
  ] as const) {
    const person = await kit.freshUser()
    const kept = cloneOf(person.session)
    let answer: Answer
    let meanwhile: Answer
    try {
      await switchTo(false)
      answer = await kit.accounts.do('signOut', cloneOf(person.session), {}, request => ({
        ...request,
        timeout: 30_000,
      }))
      await waitForBound(kit)
      meanwhile = await tryToken(kit, person, person.token)
    } finally {
      await switchTo(true)
    }
    const isDone = isGood(answer)
    if (isDone)
      row.is(!isGood(meanwhile), `signed out while ${what} is down, and the token is accepted`, meanwhile)
    await recovery(kit)
    const later = await tryToken(kit, person, person.token)
    row.is(
      !isDone || !isGood(later),
      `signed out while ${what} was down, and the token is accepted when it is back`,
      later,
    )
    const isGiven = await tokenStillGiven(kit, kept)
    row.is(
      !isDone || !isGiven,
      `signed out while ${what} was down, and the cookie gets tokens when it is back`,
      answer,
    )
    const cleared = answer.headers.some(([name]) => name.toLowerCase() === 'set-cookie')
    row.is(isDone || !cleared, 'a sign-out that failed takes the cookie away', answer)
    row.is(
      isDone || answer.status >= 500,
      `a sign-out that could not be done is answered ${statusOf(answer)}`,
      answer,
    )
  }
}

async function restartsForgetNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-257')
  const [gone, here] = [await kit.freshUser(), await kit.freshUser()]
  await kit.accounts.do('signOut', gone.session)
  await waitForBound(kit)
  let isOver = false
  const early: Answer[] = []
  const traffic = beside(
    (async () => {
      while (!isOver) {
        const answer = await tryToken(kit, gone, gone.token).catch(() => null)
        if (answer) early.push(answer)
        else await sleep(5)
      }
    })(),
  )
  const { ready } = await kit.hooks.restart!({ what: 'api' })
  isOver = true
  await traffic
  row.is(ready, 'the API is not ready after a restart')
  const accepted = early.find(isGood)
  row.is(accepted === undefined, 'while the API starts, a dead token is accepted', accepted)
  await mustBeDead(kit, 'T-257', gone, gone.token, 'after a restart, a token of before')
  await recovery(kit)
  await mustLive(kit, 'T-257', here, here.token, 'after a restart, a good token')
}

async function notKnowingIsNotReady(kit: Kit): Promise<void> {
  const row = kit.row('T-258')
  try {
    await kit.hooks['start-without-feed']!({})
    for (let tries = 0; tries < 10; tries += 1) {
      const answer = await kit.ask('list', { as: kit.b }).catch(() => null)
      if (answer) row.is(!isGood(answer), 'an API that knows of no revocation accepts a token', answer)
      if (answer && answer.status > 0)
        row.is(answer.status === 503, `${statusOf(answer)} instead of 503`, answer)
      await sleep(100)
    }
  } finally {
    await kit.hooks.feed!({ up: true })
    await kit.hooks.restart!({ what: 'api' })
  }
  await recovery(kit)
  await mustLive(kit, 'T-258', kit.b, kit.b.token, 'once the feed is there, a good token')
}

async function strangersAreNotBelieved(kit: Kit): Promise<void> {
  const row = kit.row('T-261')
  const target = kit.profile.choices.feedPath ?? ''
  if (!target) return row.notRun('the profile names no choices.feedPath')
  const person = await kit.freshUser()
  const sid = kit.profile.token.session
  const claims = JSON.parse(Buffer.from(person.token.split('.')[1]!, 'base64url').toString())
  const entries = [{ sid: claims[sid], expires_at: Date.now() + 3_600_000 }]
  const body = JSON.stringify({ instance: crypto.randomUUID(), seq: 1, entries })
  const after = (await kit.hooks.log?.({ after: 0 }))?.end ?? 0
  const secrets = [
    undefined,
    'Bearer',
    'Bearer ',
    'Bearer wrong',
    `Bearer ${person.token}`,
    'Basic dTpw',
    'Bearer undefined',
    `Bearer ${'a'.repeat(43)}`,
  ]
  for (const secret of secrets) {
    for (const method of ['POST', 'GET', 'PUT']) {
      const headers: [string, string][] = [
        ['Content-Type', 'application/json'],
        ...(secret === undefined ? [] : [['Authorization', secret] as [string, string]]),
      ]
      const answer = await kit.send({
        to: 'issuer',
        as: null,
        method,
        target,
        headers,
        body: method === 'GET' ? undefined : body,
      })
      const isRight = method === 'POST' ? [401, 403, 404].includes(answer.status) : !isGood(answer)
      row.is(
        isRight,
        `${method} of a stranger with ${secret ?? 'no secret'} is answered ${statusOf(answer)}`,
        answer,
      )
    }
  }
  await sleep(100)
  await mustLive(kit, 'T-261', person, person.token, 'a session that a stranger called ended')
  if (!kit.hooks.log) return
  const { text } = await kit.hooks.log({ after })
  const event = nameFor(kit, 'authn_feed_rejected')
  row.is(text.includes(event), `the log has no ${event}: it knows nothing of strangers at the feed`)
}

const SAMPLES = 400

/** Memory as documented, and checking a token no slower. */
async function manyRevocationsAreBorne(kit: Kit): Promise<void> {
  const row = kit.row('T-262')
  const many = kit.profile.choices.manyRevoked
  const measure = async () => {
    const times: number[] = []
    for (let number = 0; number < SAMPLES; number += 1) times.push((await kit.ask('list', { as: kit.b })).ms)
    return times.toSorted((one, other) => one - other)
  }
  const before = await measure()
  const { bytes } = await kit.hooks['revoke-many']!({ count: many })
  await recovery(kit)
  const median = (times: number[]) => times[SAMPLES / 2]!
  let after = await measure()
  const ratio = () => (median(after) - 0.1) / median(before)
  for (let tries = 0; tries < 5 && ratio() > 1.2; tries += 1) after = await measure()
  const said = `the list takes ${median(before).toFixed(2)} ms before, ${median(after).toFixed(2)} ms after`
  row.note(`${(bytes / 1e6).toFixed(0)} MB for ${many} sessions; ${said}`)
  // Between the two it may be the machine: a search through a list costs far more.
  if (ratio() > 1.2 && ratio() < 2) row.inconclusive(said)
  else row.is(ratio() <= 1.2, `with ${many} ended sessions, ${said}`)
  const bound = kit.profile.choices.revokedSessionBytes * many
  row.is(bytes <= bound, `${many} ended sessions take ${(bytes / 1e6).toFixed(0)} MB`)
  await mustLive(kit, 'T-262', kit.b, kit.b.token, 'beside many ended sessions, a good token')
}

async function cutOffInstancesAcceptNothing(kit: Kit): Promise<void> {
  const row = kit.row('T-264')
  const instances = instancesOf(kit)
  if (instances.length < 2) return row.notRun('the profile has no api.replicas')
  const [reached, cut] = [instances[0]!, instances[1]!]
  const ask = (who: Identity, to: Destination) => kit.send({ ...kit.withToken(who.token, who), to })
  const [gone, here] = [await kit.freshUser(), await kit.freshUser()]
  for (const to of [reached, cut]) row.is(isGood(await ask(gone, to)), `a good token is refused by ${to}`)

  const out = await kit.freshUser()
  await kit.accounts.do('signOut', out.session)
  await waitForBound(kit)
  for (const to of [reached, cut]) row.refused401(await ask(out, to), `a token that was signed out, at ${to}`)

  try {
    await kit.hooks.feed!({ up: false, instance: 1 })
    await kit.accounts.do('signOut', gone.session, {}, request => ({ ...request, timeout: 30_000 }))
    await waitForBound(kit)
    await mustRefuseAll(row, { reached: await ask(gone, reached), cut: await ask(gone, cut) })
    await sleep(kit.profile.bounds.lease + 200)
    const answer = await ask(here, cut)
    row.is(
      answer.status === 503,
      `an instance without the feed answers ${statusOf(answer)} after its lease, not 503`,
      answer,
    )
    row.is(isGood(await ask(here, reached)), 'the instance that has the feed refuses a good token')
  } finally {
    await kit.hooks.feed!({ up: true, instance: 1 })
  }
  for (let tries = 0; tries < 100 && !isGood(await ask(here, cut)); tries += 1) await sleep(50)
  row.is(isGood(await ask(here, cut)), 'an instance that has the feed again refuses a good token')
  row.refused401(await ask(gone, cut), 'at an instance that has the feed again, a dead token')
}

function mustRefuseAll(row: Row, { reached, cut }: Record<'reached' | 'cut', Answer>): void {
  row.refused401(reached, 'a dead token at the instance that has the feed')
  row.is(
    !isGood(cut),
    'a dead token at the instance that is cut off is accepted after sign-out has answered',
    cut,
  )
}

function instancesOf({ profile }: Kit): Destination[] {
  return ['api', ...(profile.api.replicas ?? []).map((_, index) => `replica:${index}` as const)]
}
