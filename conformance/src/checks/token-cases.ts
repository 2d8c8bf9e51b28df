// How the checks of tokens make their cases: near misses of a text, values of a wrong type, tokens that differ from
// a good one in a single thing.

import type { Feature, Identity, Kit, Refusal } from '../check.ts'
import type { Random } from '../random.ts'
import type { Claims, Header, Key } from '../token.ts'

export type Case = [why: string, token: string]

export const has = (kit: Kit, feature: Feature) => !kit.profile.absent.includes(feature)

/** Of the first key, which signs: B's own token may be of another one. */
export function headerOf(kit: Kit, overrides: Header = {}, key: Key = kit.keys[0]!): Header {
  return kit.header({ alg: key.alg, ...(key.kid !== undefined && { kid: key.kid }), ...overrides })
}

/** Every token on the list of the one it claims to be. */
export function onListOf(kit: Kit, who: Identity, cases: Case[]): Refusal[] {
  return cases.map(([why, token]) => ({ why, request: kit.withToken(token, who) }))
}

/** Every token on both lists, for tokens that mix two people. */
export function onBothLists(kit: Kit, cases: Case[]): Refusal[] {
  return [kit.a, kit.b].flatMap(owner =>
    cases.map(([why, token]) => ({
      why: `${why}, on the list of ${owner.name}`,
      request: kit.request('list', { as: kit.b, owner, token }),
    })),
  )
}

/** B's token in all but these claims; `undefined` takes one away. */
export function withClaims(kit: Kit, claims: Claims): string {
  return kit.forge({ header: headerOf(kit), claims: kit.claims(kit.b, claims), key: kit.keys[0] })
}

/** B's token in all but these members of the header, with a good signature. */
export function withHeader(kit: Kit, header: Header, key: Key = kit.keys[0]!): string {
  return kit.forge({ header: headerOf(kit, header), claims: kit.claims(kit.b), key })
}

export function withPayload(kit: Kit, rawPayload: string | Buffer): string {
  return kit.forge({ header: headerOf(kit), rawPayload, key: kit.keys[0] })
}

export function withRawHeader(kit: Kit, rawHeader: string | Buffer): string {
  return kit.forge({ rawHeader, claims: kit.claims(kit.b), key: kit.keys[0] })
}

/** One claim with each of these values, named by what it is. */
export function claimCases(kit: Kit, claim: string, values: unknown[]): Case[] {
  return values.map(value => [`${claim} ${say(value)}`, withClaims(kit, { [claim]: value })])
}

/** The payload of B as text, with what stands for a value replaced by this very text: numbers JSON cannot write. */
export function payloadWith(kit: Kit, claim: string, text: string): string {
  return JSON.stringify(kit.claims(kit.b, { [claim]: '\u0001' })).replace('"\\u0001"', text)
}

export function say(value: unknown): string {
  if (value === undefined) return 'missing'
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 57)}… (${text.length} characters)` : text
}

/** Values that are no text, and so no identifier. */
export function notTexts(random: Random): unknown[] {
  return [
    null,
    true,
    false,
    0,
    1,
    random.integer(1e6),
    [],
    {},
    [random.text(4)],
    { [random.text(3)]: random.text(3) },
  ]
}

/** Values that are no number, and so no time; the last two would be one if they were read as such. */
export function notTimes(random: Random, time: number): unknown[] {
  return [null, '', true, [], {}, random.text(5), [time], 'Infinity', String(time), `${time}.5`]
}

/** Texts that resemble this one and are not it. */
export function nearMisses(random: Random, text: string, count = 12): string[] {
  const misses = new Set<string>([
    '',
    ` ${text}`,
    `${text} `,
    `${text}\u0000`,
    `${text}/`,
    `x${text}`,
    `${text}x`,
    text.slice(0, -1),
    text.slice(1),
    text.toUpperCase(),
    text[0]!.toUpperCase() + text.slice(1),
    fullwidth(text),
  ])
  for (let made = 0; made < count; made += 1) misses.add(alter(random, text))
  misses.delete(text)
  return [...misses]
}

function alter(random: Random, text: string): string {
  const at = random.integer(text.length)
  const [before, char, after] = [text.slice(0, at), text[at]!, text.slice(at + 1)]
  const other = char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase()
  return random.pick([
    before + other + after,
    before + char + char + after,
    before + after,
    before + random.text(1) + after,
    before + String.fromCharCode(char.charCodeAt(0) ^ 1) + after,
  ])
}

function fullwidth(text: string): string {
  return text.replace(/[!-~]/, char => String.fromCharCode(char.charCodeAt(0) + 0xfee0))
}

/** The claims that name the account, with this value. */
export function asSubject(kit: Kit, value: unknown): Claims {
  const { subject, repeatsSubject } = kit.profile.token
  return Object.fromEntries([subject, ...repeatsSubject].map(name => [name, value]))
}

/** Tokens that may be accepted, but only as B: her own task is shown or the token refused, A's is never there. */
export async function actsAsBAtMost(kit: Kit, id: string, cases: Case[]): Promise<void> {
  const row = kit.row(id)
  await kit.between(id, async () => {
    for (const [why, token] of cases) {
      const own = await kit.ask('read', { as: kit.b, token, id: kit.b.tasks[0] })
      if (own.status === 401) row.refused401(own, why)
      else row.is(own.text.includes(kit.b.canary), `${why}: it must act as B`, own)
      const foreign = await kit.send({ ...foreignOf(kit, token), as: kit.b })
      if (foreign.status === 401) row.refused401(foreign, `${why}, for what is A's`)
      else row.missing404(foreign, `${why}, for what is A's`)
    }
  })
}

/** A's list, where paths name whose it is; otherwise one of her tasks. */
function foreignOf(kit: Kit, token: string) {
  return kit.profile.absent.includes('path-user')
    ? kit.request('read', { token, id: kit.a.tasks[0] })
    : kit.request('list', { token, owner: kit.a })
}

/** Every letter in the case the random stream gives it. */
export function randomCase(random: Random, text: string): string {
  return [...text].map(char => (random.integer(2) ? char.toUpperCase() : char.toLowerCase())).join('')
}

const RESIDENT = /^process_resident_memory_bytes (\S+)$/m

/** What the target says it occupies, where it says so to its operators. */
export async function memoryOf(kit: Kit): Promise<number | undefined> {
  const figures = await kit.hooks.metrics?.({})
  const bytes = RESIDENT.exec(figures?.text ?? '')?.[1]
  return bytes === undefined ? undefined : Number(bytes)
}

/** The target's memory around `work`; says nothing where nobody can look. */
export async function staysSmall(
  kit: Kit,
  id: string,
  megabytes: number,
  work: () => Promise<void>,
): Promise<void> {
  const before = await memoryOf(kit)
  await work()
  const after = await memoryOf(kit)
  if (before === undefined || after === undefined) return
  const grown = (after - before) / 2 ** 20
  kit.row(id).is(grown < megabytes, `memory grows by ${grown.toFixed(1)} MB, not by less than ${megabytes}`)
}
