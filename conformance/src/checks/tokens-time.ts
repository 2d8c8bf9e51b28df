// From when and until when a token is good: the times of matrix §5. All of them are the target's own, by its `Date`.
import type { Check, Kit } from '../check.ts'
import type { Claims } from '../token.ts'
import {
  actsAsBAtMost,
  type Case,
  claimCases,
  notTimes,
  onListOf,
  payloadWith,
  withClaims,
  withPayload,
} from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-064', 'T-065'], needs: ['key'], run: noExpiry },
  { rows: ['T-066', 'T-068'], needs: ['key'], run: expired },
  { rows: ['T-066'], needs: ['key'], kind: 'waiting', run: expiresInTheCache },
  { rows: ['T-067'], needs: ['key'], kind: 'waiting', run: expiresNow },
  { rows: ['T-069', 'T-070', 'T-071'], needs: ['key'], feature: 'lifetime-cap', run: tooLong },
  { rows: ['T-072', 'T-073'], needs: ['key'], run: notBefore },
  { rows: ['T-074', 'T-075'], needs: ['key'], run: issuedAt },
  { rows: ['T-076'], needs: ['key'], run: backwards },
]

/** May be up to two seconds behind: `Date` tells whole ones. */
const now = (kit: Kit) => kit.now()

function at(kit: Kit, claims: Claims): Case {
  const told = Object.entries(claims).map(([name, value]) =>
    typeof value === 'number'
      ? `${name} = now ${value < now(kit) ? '−' : '+'} ${Math.abs(value - now(kit))}`
      : name,
  )
  return [told.join(', '), withClaims(kit, claims)]
}

async function noExpiry(kit: Kit): Promise<void> {
  await kit.refuses('T-064', onListOf(kit, kit.b, claimCases(kit, 'exp', [undefined])))
  const values = claimCases(kit, 'exp', notTimes(kit.random, now(kit) + 600))
  const texts = ['NaN', 'Infinity'].map(
    (text): Case => [`exp ${text}`, withPayload(kit, payloadWith(kit, 'exp', text))],
  )
  await kit.refuses('T-065', onListOf(kit, kit.b, [...values, ...texts]))
}

/** iat as far before exp as the target lets a token live, so that nothing but exp is wrong. */
function endedAgo(kit: Kit, seconds: number): Case {
  const exp = now(kit) - seconds
  return at(kit, { exp, iat: exp - Math.min(kit.profile.token.lifetime, 600) })
}

async function expired(kit: Kit): Promise<void> {
  const { leeway } = kit.profile.token
  const ago = [1, 2, 30, 3600, 86_400, kit.random.integer(1e6) + 1].map(seconds =>
    endedAgo(kit, leeway + seconds),
  )
  await kit.refuses('T-066', onListOf(kit, kit.b, ago), { kind: 'expired' })
  const never = [0, -1, -1e18, 1, -kit.random.integer(1e9), 0.5, -0.5]
  const cases = never.flatMap((exp): Case[] => [
    [`exp ${exp}`, withClaims(kit, { exp })],
    [`exp ${exp}, iat before it`, withClaims(kit, { exp, iat: exp - 60 })],
  ])
  await kit.refuses(
    'T-068',
    onListOf(kit, kit.b, [...cases, ['exp -0', withPayload(kit, payloadWith(kit, 'exp', '-0'))]]),
    { kind: 'expired' },
  )
}

/** What a cache remembers must end with the token. */
async function expiresInTheCache(kit: Kit): Promise<void> {
  const row = kit.row('T-066')
  const { leeway } = kit.profile.token
  const exp = now(kit) + 5
  const token = withClaims(kit, { exp, iat: exp - 60 })
  await kit.between('T-066', async () => {
    let used = 0
    while (now(kit) < exp) {
      const answer = await kit.send(kit.withToken(token, kit.b))
      if (now(kit) <= exp - 3) row.is(answer.status === 200, 'a token is good until its exp', answer)
      used += 1
      await pause(200)
    }
    while (now(kit) <= exp + leeway) await pause(100)
    row.refused401(await kit.send(kit.withToken(token, kit.b)), `used ${used} times until its exp`, 'expired')
  })
}

/** In the middle of the second, so that neither clock's rounding decides. */
async function expiresNow(kit: Kit): Promise<void> {
  const row = kit.row('T-067')
  const { leeway } = kit.profile.token
  await kit.between('T-067', async () => {
    for (let round = 0; round < 3; round += 1) {
      const second = await middleOfSecond(kit)
      const exp = second - leeway
      const answer = await kit.send(kit.withToken(withClaims(kit, { exp, iat: exp - 60 }), kit.b))
      row.refused401(answer, 'exp is the very second it is', 'expired')
    }
  })
}

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** `Date` tells whole seconds: when it changes, a second begins, and this is the one. */
async function middleOfSecond(kit: Kit): Promise<number> {
  const date = async () => (await kit.ask('list', { as: kit.b })).header('date') ?? ''
  const first = await date()
  let next = first
  while (next === first) {
    await pause(10)
    next = await date()
  }
  await pause(400)
  return Date.parse(next) / 1000
}

async function tooLong(kit: Kit): Promise<void> {
  const { lifetime, leeway } = kit.profile.token
  const texts = [
    '1e18',
    '9007199254740993000',
    '1e308',
    '1e999',
    `1${'0'.repeat(60)}`,
    '4102444800',
    '253402300799',
  ]
  const huge = texts.map((text): Case => [`exp ${text}`, withPayload(kit, payloadWith(kit, 'exp', text))])
  await kit.refuses('T-069', onListOf(kit, kit.b, huge))
  const milliseconds = [600, lifetime, kit.random.integer(lifetime)].flatMap((seconds): Case[] => [
    ['exp in milliseconds', withClaims(kit, { exp: (now(kit) + seconds) * 1000 })],
    ['exp in microseconds', withClaims(kit, { exp: (now(kit) + seconds) * 1e6 })],
  ])
  await kit.refuses('T-070', onListOf(kit, kit.b, milliseconds))
  const cap = lifetime + leeway
  const over = [cap + 1, cap + 2, cap + 1 + kit.random.integer(1e4), cap * 2, cap * 24, 86_400 * 365]
  const iat = now(kit)
  const ahead = over.map(seconds => at(kit, { iat, exp: iat + seconds }))
  const behind = over.map(seconds => at(kit, { iat: iat - seconds + 60, exp: iat + 60 }))
  await kit.refuses('T-071', onListOf(kit, kit.b, [...ahead, ...behind]))
  const longest = await kit.send(kit.withToken(withClaims(kit, { iat, exp: iat + lifetime }), kit.b))
  kit
    .row('T-071')
    .is(longest.status === 200, 'a token that lives exactly as long as allowed is good', longest)
}

async function notBefore(kit: Kit): Promise<void> {
  const { ahead, lifetime } = kit.profile.token
  const beyond = [
    5,
    60,
    Math.floor(lifetime / 2),
    5 + kit.random.integer(Math.max(1, Math.floor(lifetime / 4))),
  ]
  const future = beyond.map(seconds => at(kit, { nbf: now(kit) + ahead + seconds, exp: now(kit) + lifetime }))
  await kit.refuses('T-072', onListOf(kit, kit.b, future))
  const values = claimCases(kit, 'nbf', notTimes(kit.random, now(kit) - 60))
  const infinite = ['1e999', '1e308', '1e18'].map(
    (text): Case => [`nbf ${text}`, withPayload(kit, payloadWith(kit, 'nbf', text))],
  )
  await kit.refuses('T-073', onListOf(kit, kit.b, [...values, ...infinite]))
  const past = [-1, 0, 1, now(kit) - 3600]
  await actsAsBAtMost(
    kit,
    'T-073',
    past.map((nbf): Case => [`nbf ${nbf}`, withClaims(kit, { nbf })]),
  )
  const usual = await kit.send(kit.withToken(withClaims(kit, { nbf: now(kit) - 60 }), kit.b))
  kit.row('T-073').is(usual.status === 200, 'an nbf a minute ago is good', usual)
}

async function issuedAt(kit: Kit): Promise<void> {
  const { ahead, lifetime } = kit.profile.token
  const beyond = [5, 60, 600, lifetime, 86_400, 5 + kit.random.integer(1e4)].map(seconds => ahead + seconds)
  const future = beyond.map(seconds => at(kit, { iat: now(kit) + seconds, exp: now(kit) + seconds + 600 }))
  await kit.refuses('T-074', onListOf(kit, kit.b, future))
  const values = claimCases(kit, 'iat', [
    undefined,
    0,
    -1,
    -kit.random.integer(1e9),
    ...notTimes(kit.random, now(kit)),
  ])
  const infinite = ['1e999', '-1e999', '-1e18'].map(
    (text): Case => [`iat ${text}`, withPayload(kit, payloadWith(kit, 'iat', text))],
  )
  await kit.refuses('T-075', onListOf(kit, kit.b, [...values, ...infinite]))
}

/** Close enough to now that neither `exp` nor `iat` is wrong by itself. */
async function backwards(kit: Kit): Promise<void> {
  const { ahead } = kit.profile.token
  const cases = [0, 1].flatMap((): Case[] => {
    const late = now(kit) + Math.max(2, Math.floor(ahead))
    const soon = late - 1
    return [
      at(kit, { exp: soon, iat: late }),
      at(kit, { exp: soon, iat: soon - 60, nbf: late }),
      at(kit, { exp: now(kit) + 60, iat: now(kit) + 3600 }),
      at(kit, { exp: now(kit) + 60, iat: now(kit), nbf: now(kit) + 120 }),
    ]
  })
  // One by one and minted as they go: in a long batch they would have expired before they were sent.
  for (const one of cases) await kit.refuses('T-076', onListOf(kit, kit.b, [one]), { kind: 'expired' })
}
