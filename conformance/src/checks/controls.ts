// §1: what must succeed. A verifier that refuses these is not strict but wrong.
import type { Check, Kit, Row } from '../check.ts'
import { statusOf } from '../row.ts'

export const checks: Check[] = [
  {
    rows: ['T-001'],
    async run(kit) {
      const answer = await kit.ask('list', { as: kit.b })
      kit.row('T-001').is(answer.status === 200, `the own list answers ${statusOf(answer)}, not 200`, answer)
    },
  },
  {
    rows: ['T-002'],
    needs: ['key'],
    async run(kit) {
      const { aud } = kit.claims(kit.b)
      const own = [aud].flat()
      await accepts(kit, 'T-002', 'aud is a list with ours last', { aud: ['https://other.example', ...own] })
      await accepts(kit, 'T-002', 'aud is a list of ours alone', { aud: own })
    },
  },
  {
    rows: ['T-003'],
    needs: ['key'],
    feature: 'typ',
    async run(kit) {
      const typ = kit.profile.token.typ!
      for (const spelling of [typ, typ.toUpperCase(), `application/${typ}`]) {
        await acceptsToken(kit, 'T-003', `typ is ${spelling}`, signed(kit, { header: { typ: spelling } }))
      }
    },
  },
  {
    rows: ['T-004'],
    needs: ['key'],
    async run(kit) {
      const unknown = { 'x-unknown': { deep: [1, null, 'text'] }, [kit.random.text(12)]: kit.random.text(20) }
      await accepts(kit, 'T-004', 'unknown claims', unknown)
      await acceptsToken(kit, 'T-004', 'unknown header members', signed(kit, { header: unknown }))
    },
  },
  {
    rows: ['T-005'],
    needs: ['key'],
    async run(kit) {
      const spaced = (value: object) => ` \r\n\t${JSON.stringify(value, null, 3)}\n `
      const reordered = (value: object) =>
        JSON.stringify(Object.fromEntries(kit.random.shuffle(Object.entries(value))))
      for (const write of [spaced, reordered]) {
        const token = kit.forge({
          rawHeader: write(headerFor(kit)),
          rawPayload: write(kit.claims(kit.b)),
          key: kit.keys[0],
        })
        await acceptsToken(kit, 'T-005', `${write.name} JSON`, token)
      }
    },
  },
  {
    rows: ['T-006'],
    needs: ['key'],
    feature: 'kid',
    async run(kit) {
      for (const key of kit.keys) await acceptsToken(kit, 'T-006', `kid ${key.kid}`, kit.mint(kit.b, {}, key))
    },
  },
  {
    rows: ['T-007'],
    async run(kit) {
      for (const scheme of ['bearer', 'BEARER']) {
        const request = kit.request('list', { as: kit.b })
        const headers: [string, string][] = [['Authorization', `${scheme} ${kit.b.token}`]]
        const answer = await kit.send({ ...request, headers })
        kit
          .row('T-007')
          .is(answer.status === 200, `scheme ${scheme} answers ${statusOf(answer)}, not 200`, answer)
      }
    },
  },
  {
    rows: ['T-008'],
    needs: ['key'],
    async run(kit) {
      const answer = await kit.send(kit.withToken(kit.mint(kit.b, { exp: kit.now() + 600.5 })))
      const expected = kit.profile.choices.fractionalExp === 'refused' ? 401 : 200
      kit
        .row('T-008')
        .is(
          answer.status === expected,
          `a fractional exp answers ${statusOf(answer)}, not ${expected}`,
          answer,
        )
    },
  },
  {
    rows: ['T-009'],
    last: true,
    async run(kit) {
      for (const token of badTokens(kit)) await kit.send({ ...kit.withToken(token, kit.b), as: null })
      for (const identity of [kit.a, kit.b]) {
        const answer = await kit.ask('list', { as: identity })
        kit
          .row('T-009')
          .is(answer.status === 200, `${identity.name}'s own list answers ${statusOf(answer)}`, answer)
      }
    },
  },
]

const BAD_TOKENS = 1_100

/** B's own claims under signatures that are not: enough for whoever counts to strike. */
function badTokens(kit: Kit): string[] {
  const signed = kit.b.token.slice(0, kit.b.token.lastIndexOf('.'))
  return Array.from({ length: BAD_TOKENS }, () => `${signed}.${kit.random.bytes(32).toString('base64url')}`)
}

function headerFor(kit: Kit) {
  const { alg, kid } = kit.keys[0]!
  return kit.header({ alg, ...(kid !== undefined && { kid }) })
}

function signed(kit: Kit, { header = {}, claims = {} }: { header?: object; claims?: object }): string {
  return kit.forge({
    header: { ...headerFor(kit), ...header },
    claims: kit.claims(kit.b, { ...claims }),
    key: kit.keys[0],
  })
}

async function accepts(kit: Kit, row: string, why: string, claims: object): Promise<void> {
  await acceptsToken(kit, row, why, signed(kit, { claims }))
}

async function acceptsToken(kit: Kit, row: string, why: string, token: string): Promise<void> {
  const answer = await kit.send(kit.withToken(token, kit.b))
  const judge: Row = kit.row(row)
  judge.is(answer.status === 200, `${why}: ${statusOf(answer)}, not 200`, answer)
}
