import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { describe } from 'node:test'
import { AUDIENCE, base64url, claims, HEADER, ISSUER, KEYS, mint, sign } from '../test/issuer-stand-in.ts'
import { reasonOf, verifierAt } from '../test/verifier.ts'

const { verify } = verifierAt()

/** Refused between two of the same shape that are accepted: an API that refuses everything proves nothing. */
async function refuses(token: string, reason?: string): Promise<void> {
  assert.equal((await verify(mint('A'))).kind, 'accepted')
  const verdict = await verify(token)
  assert.equal(verdict.kind, 'refused', token.slice(0, 200))
  if (reason) assert.equal(reasonOf(verdict), reason, token.slice(0, 200))
  assert.equal((await verify(mint('A'))).kind, 'accepted')
}

async function accepts(token: string, subject = 'A'): Promise<void> {
  const verdict = await verify(token)
  assert.equal(verdict.kind, 'accepted', JSON.stringify(verdict))
  assert.equal(verdict.kind === 'accepted' && verdict.claims.subject, subject)
}

const now = () => Math.floor(Date.now() / 1000)

describe('what a strict verifier must accept (T-001…T-008)', () => {
  test('a token of this profile, by every active key', async () => {
    for (const { kid, secret } of KEYS) await accepts(sign({ ...HEADER, kid }, claims('A'), secret))
  })
  test('an audience among several', () => accepts(mint('A', { aud: ['other', AUDIENCE] })))
  test('every spelling of the type', async () => {
    for (const typ of ['at+jwt', 'AT+JWT', 'application/at+jwt', 'Application/AT+jwt'])
      await accepts(mint('A', {}, { typ }))
  })
  test('unknown members in header and payload', () =>
    accepts(
      mint(
        'A',
        { role: 'admin', Sub: 'B' },
        { x: 1, jwk: { kty: 'oct', k: 'AA' }, jku: 'http://127.0.0.1/' },
      ),
    ))
  test('white space and any order of members', async () => {
    const payload = JSON.stringify(Object.fromEntries(Object.entries(claims('A')).reverse()), null, 2)
    await accepts(sign(` {"kid":"k2",\n\t"typ":"at+jwt", "alg":"HS256"} `, `\n${payload} `))
  })
  test('an exp with a fraction', () => accepts(mint('A', { exp: now() + 60.5 })))
  test('members of the header change nothing about the claims (T-063)', () =>
    accepts(mint('A', {}, { iss: 'x', sub: 'B', exp: 1 })))
})

describe('structure (T-013…T-030)', () => {
  const token = mint('A')
  const [header = '', payload = '', mac = ''] = token.split('.')

  test('anything but three segments of base64url is refused', async () => {
    const broken = [
      '',
      '.',
      '..',
      'null',
      'undefined',
      '[object Object]',
      'true',
      'eyJ',
      header,
      `${header}.${payload}`,
    ]
    broken.push(`${token}.`, `${token}.x`, `${token}.x.y`, `.${payload}.${mac}`, `${header}..${mac}`)
    broken.push(`${header}.${payload}.`, `${header}.${payload}`)
    for (const one of broken) await refuses(one, 'malformed')
  })
  test('padding, other alphabets, white space and control characters are refused (T-100…T-102)', async () => {
    for (const extra of ['=', '==', '%3D', ' ', '\t', '\n', '\r', '\0', '?', '#', '+', '/'])
      for (const at of [0, 1, 2]) {
        const parts = [header, payload, mac]
        parts[at] += extra
        await refuses(parts.join('.'), 'malformed')
        await refuses(`${extra}${token}`, 'malformed')
      }
  })
  test('a segment with altered trailing bits is refused', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(mac.at(-1)!)
    for (const bits of [1, 2, 3])
      await refuses(`${header}.${payload}.${mac.slice(0, -1)}${alphabet[last ^ bits]}`, 'malformed')
  })
  test('a token over 4096 bytes is refused, whatever it says', async () => {
    for (const size of [4_000, 8_000, 15_000, 64_000, 1_000_000])
      await refuses(mint('A', { x: 'x'.repeat(size) }), 'too_large')
  })
  test('a header or payload that is no JSON object is refused', async () => {
    const texts = ['[]', '"x"', '1', 'null', 'true', '{', '{}trailing', '', '\uFEFF{}', '{"a":}']
    for (const text of texts.filter(Boolean)) {
      await refuses(sign(text, claims('A')), 'header')
      await refuses(sign(HEADER, text), 'claims')
    }
    await refuses(sign(HEADER, ''), 'malformed')
  })
  test('a byte order mark and every encoding but UTF-8 is refused (T-021…T-023)', async () => {
    const text = JSON.stringify(claims('A'))
    await refuses(sign(HEADER, `\uFEFF${text}`))
    await refuses(sign(`\uFEFF${JSON.stringify(HEADER)}`, text))
    await refuses(sign(HEADER, Buffer.from(text, 'utf16le')))
    await refuses(sign(HEADER, Buffer.from(text, 'utf16le').swap16()))
    await refuses(
      sign(HEADER, Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')])),
    )
  })
  test('deep and wide values neither pass nor break anything', async () => {
    await refuses(sign(HEADER, `{"x":${'['.repeat(1_400)}${']'.repeat(1_400)}}`), 'claims')
    await refuses(sign(HEADER, `{${Array.from({ length: 300 }, (_, i) => `"m${i}":1`).join()}}`), 'claims')
  })
  test('JWE and JSON serialisations are refused', async () => {
    await refuses(`${base64url('{"alg":"dir","enc":"A256GCM"}')}..AAAA.AAAA.AAAA`, 'malformed')
    await refuses(JSON.stringify({ protected: header, payload, signature: mac }), 'malformed')
    await refuses(
      JSON.stringify({ payload, signatures: [{ protected: header, signature: mac }] }),
      'malformed',
    )
  })
  test('2000 random changes of a byte are refused (T-030)', async () => {
    const seed = randomBytes(4).readUInt32BE()
    let state = seed
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state % below
    }
    for (let i = 0; i < 2_000; i += 1) {
      const bytes = Buffer.from(token)
      const at = random(bytes.length)
      bytes[at] = (bytes[at]! + 1 + random(255)) % 256
      assert.equal((await verify(bytes.toString('latin1'))).kind, 'refused', `seed ${seed}, change ${i}`)
    }
  })
})

describe('algorithm and key (T-031…T-063)', () => {
  test('no algorithm but the configured one, spelled exactly', async () => {
    const wrong = [
      'none',
      'None',
      'NONE',
      'nOnE',
      'none ',
      'hs256',
      'Hs256',
      'HS256 ',
      ' HS256',
      'HS256\0',
      'ＨＳ256',
    ]
    for (const alg of [...wrong, 'HS384', 'HS512', 'RS256', 'ES256', 'PS256', 'EdDSA']) {
      await refuses(mint('A', {}, { alg }), 'algorithm')
      await refuses(`${base64url(JSON.stringify({ ...HEADER, alg }))}.${base64url('{}')}.AA`)
    }
    for (const alg of [undefined, null, '', 0, true, ['HS256'], {}])
      await refuses(mint('A', {}, { alg }), 'algorithm')
  })
  test('every other type is refused (T-085)', async () => {
    for (const typ of [
      undefined,
      'JWT',
      'logout+jwt',
      'secevent+jwt',
      'id+jwt',
      1,
      null,
      'at+jwt ',
      'x/at+jwt',
    ])
      await refuses(mint('A', {}, { typ }), 'type')
  })
  test('crit, zip and b64 are refused', async () => {
    await refuses(mint('A', {}, { crit: ['x'], x: 1 }), 'critical_header')
    await refuses(mint('A', {}, { crit: [] }), 'critical_header')
    await refuses(mint('A', {}, { zip: 'DEF' }), 'critical_header')
    await refuses(mint('A', {}, { b64: false }), 'critical_header')
  })
  test('the kid selects one key, and no other is tried (T-050…T-057)', async () => {
    for (const kid of [
      undefined,
      null,
      0,
      [],
      {},
      '',
      'k3',
      'K2',
      '../../dev/null',
      '/dev/null',
      '$(sleep 5)',
      "'||pg_sleep(5)--",
      '__proto__',
      'constructor',
    ])
      await refuses(mint('A', {}, { kid }), 'unknown_key')
    await refuses(sign({ ...HEADER, kid: 'k1' }, claims('A'), KEYS[0]!.secret), 'signature')
    await refuses(mint('A', {}, { kid: 'x'.repeat(2_000) }), 'unknown_key')
  })
  test('keys inside or beside the token are not looked at (T-045…T-049)', async () => {
    const own = randomBytes(32)
    const jwk = { kty: 'oct', k: own.toString('base64url'), kid: 'k2', alg: 'HS256' }
    for (const more of [
      { jwk },
      { jku: 'http://127.0.0.1:9/' },
      { x5u: 'file:///etc/passwd' },
      { x5c: ['AA'] },
    ])
      await refuses(sign({ ...HEADER, ...more }, claims('A'), own), 'signature')
  })
  test('weak words and other readings of the secret do not verify (T-059, T-060)', async () => {
    const { secret } = KEYS[0]!
    const texts = [secret.toString('base64url'), secret.toString('base64'), secret.toString('hex')]
    const words = ['', 'secret', 'password', 'better-auth-secret-12345678901234567890', 'latchkey', ISSUER]
    for (const text of [...texts, ...words])
      await refuses(sign(HEADER, claims('A'), Buffer.from(text)), 'signature')
  })
  test('each single bit of the signature counts (T-096)', async () => {
    const [header, payload, mac = ''] = mint('A').split('.')
    for (let bit = 0; bit < 256; bit += 1) {
      const bytes = Buffer.from(mac, 'base64url')
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      assert.equal(reasonOf(await verify(`${header}.${payload}.${base64url(bytes)}`)), 'signature')
    }
  })
  test('parts of two good tokens make no good one (T-104)', async () => {
    const a = mint('A').split('.')
    const b = sign({ ...HEADER, kid: 'k1' }, claims('B'), KEYS[1]!.secret).split('.')
    for (const mix of [1, 2, 3, 4, 5, 6]) {
      const token = [0, 1, 2].map(at => ((mix >> at) & 1 ? b : a)[at]).join('.')
      await refuses(token, 'signature')
    }
  })
})

describe('claims (T-064…T-095)', () => {
  test('every claim is there and of its type', async () => {
    const wrong: Record<string, unknown[]> = {
      exp: [undefined, null, '', true, [], {}, String(now() + 60), 'Infinity', -1, -1e18],
      iat: [undefined, null, '', true, [], {}, String(now()), 0, -1],
      nbf: [null, '', true, [], {}, String(now()), -1],
      sub: [
        undefined,
        null,
        '',
        ' ',
        0,
        ['A'],
        {},
        true,
        { toString: 'A' },
        { length: 1 },
        'A\0',
        'ä',
        'x'.repeat(256),
      ],
      user_id: [undefined, null, '', 0, ['A'], {}, true],
      sid: [undefined, null, '', 0, ['s'], {}, 's\0'],
      jti: [undefined, null, '', 0],
      email: [undefined, null, 0, {}],
    }
    for (const [name, values] of Object.entries(wrong))
      for (const value of values) await refuses(mint('A', { [name]: value }), 'claims')
  })
  test('times beyond what JSON can hold are refused', async () => {
    const text = JSON.stringify(claims('A', { exp: 'EXP', nbf: 0 }))
    for (const exp of ['1e999', '1e308', '1e18', '9007199254740993000'])
      await refuses(sign(HEADER, text.replace('"EXP"', exp)))
    await refuses(
      sign(HEADER, JSON.stringify(claims('A', { nbf: 'NBF' })).replace('"NBF"', '1e999')),
      'claims',
    )
  })
  test('a token that lives longer than configured is refused', async () => {
    await refuses(mint('A', { exp: now() + 3_602 }), 'lifetime')
    await refuses(mint('A', { exp: now() * 1000 }), 'lifetime')
    await refuses(mint('A', { iat: now(), exp: now() - 1 }), 'lifetime')
    await refuses(mint('A', { nbf: now() + 4_000 }), 'lifetime')
  })
  test('sub and user_id must be the same', async () => {
    await refuses(mint('A', { user_id: 'B' }), 'subject_mismatch')
    await refuses(mint('B', { sub: 'A' }), 'subject_mismatch')
  })
  test('another issuer is refused', async () => {
    const wrong = [
      undefined,
      null,
      '',
      'https://other.test',
      ISSUER.toUpperCase(),
      `${ISSUER}/`,
      ISSUER.slice(0, -1),
      `${ISSUER}x`,
      [ISSUER],
      [ISSUER, 'x'],
    ]
    for (const iss of wrong) await refuses(mint('A', { iss }), 'issuer')
  })
  test('a token for another audience is refused', async () => {
    const wrong = [
      undefined,
      null,
      '',
      [],
      'other',
      'LATCHKEY-API',
      'latchkey',
      `${AUDIENCE}x`,
      {},
      1,
      [AUDIENCE, 1],
      `${AUDIENCE} other`,
    ]
    for (const aud of wrong) await refuses(mint('A', { aud }), 'audience')
  })
  test('of members with one name the last counts, never the first (T-089)', async () => {
    const text = JSON.stringify(claims('B'))
    for (const first of ['"sub":"A","user_id":"A"', '"\\u0073ub":"A","user_\\u0069d":"A"'])
      await accepts(sign(HEADER, `{${first},${text.slice(1)}`), 'B')
    await refuses(sign(HEADER, `${text.slice(0, -1)},"sub":"A"}`), 'subject_mismatch')
  })
  test('a token of another kind of the same issuer is refused (T-086)', async () => {
    await refuses(sign({ alg: 'HS256' }, { email: 'a@example.org', iat: now(), exp: now() + 60 }), 'type')
  })
})

describe('time', () => {
  const at = 1_800_000_000
  const token = mint('A', { iat: at, exp: at + 3_600 })
  const verdictAt = async (ms: number, one = token) => reasonOf(await verifierAt(at * 1000 + ms).verify(one))

  test('expires at exp to the millisecond, without leeway (T-066, T-067)', async () => {
    assert.equal(await verdictAt(3_599_999), 'accepted')
    assert.equal(await verdictAt(3_600_000), 'expired')
    assert.equal(await verdictAt(3_600_001), 'expired')
  })
  test('iat and nbf may be five seconds ahead and no more (T-072, T-074)', async () => {
    assert.equal(await verdictAt(-5_000), 'accepted')
    assert.equal(await verdictAt(-5_001), 'not_yet_valid')
    const later = mint('A', { iat: at, nbf: at + 100, exp: at + 3_600 })
    assert.equal(await verdictAt(95_000, later), 'accepted')
    assert.equal(await verdictAt(94_999, later), 'not_yet_valid')
  })
  test('a verified token in the cache expires all the same', async () => {
    const { state, verify } = verifierAt(at * 1000)
    assert.equal(reasonOf(await verify(token)), 'accepted')
    state.now = (at + 3_600) * 1000
    assert.equal(reasonOf(await verify(token)), 'expired')
    state.now = (at - 6) * 1000
    assert.equal(reasonOf(await verify(token)), 'not_yet_valid')
  })
})

describe('revocation and lease', () => {
  test('a revoked session is refused, from the cache too, and no other session', async () => {
    const { state, verify } = verifierAt()
    const token = mint('A', { sid: 's1' })
    assert.equal(reasonOf(await verify(token)), 'accepted')
    state.revoked.add('s1')
    assert.equal(reasonOf(await verify(token)), 'revoked')
    assert.equal(reasonOf(await verify(mint('A', { sid: 's1' }))), 'revoked')
    assert.equal(reasonOf(await verify(mint('A', { sid: 's2' }))), 'accepted')
  })
  test('without a lease a good token is neither accepted nor refused, and a bad one still refused', async () => {
    const { state, verify } = verifierAt()
    state.revoked.add('s1')
    state.leased = false
    assert.equal(reasonOf(await verify(mint('A'))), 'unavailable')
    assert.equal(reasonOf(await verify(mint('A', { sid: 's1' }))), 'revoked')
    assert.equal(reasonOf(await verify(mint('A', { iss: 'x' }))), 'issuer')
    assert.equal(reasonOf(await verify(mint('A', { iat: now() - 60, exp: now() - 1 }))), 'expired')
    state.now = null
    assert.equal(reasonOf(await verify(mint('A'))), 'unavailable')
  })
  test('what was accepted can be judged again', async () => {
    const { state, verify } = verifierAt()
    const verdict = await verify(mint('A', { sid: 's1' }))
    assert.ok(verdict.kind === 'accepted')
    assert.equal(reasonOf(verdict.judgeAgain()), 'accepted')
    state.revoked.add('s1')
    assert.equal(reasonOf(verdict.judgeAgain()), 'revoked')
  })
  test('a token whose signature is not good is refused without a subject', async () => {
    const forged = await verify(sign(HEADER, claims('A'), randomBytes(32)))
    assert.deepEqual(forged, { kind: 'refused', reason: 'signature', kid: 'k2', claims: undefined })
  })
})

test('the cache is bounded', async () => {
  const { verify } = verifierAt(Date.now(), { cacheSize: 2 })
  const tokens = ['A', 'B', 'C', 'D'].map(subject => mint(subject))
  for (const token of [...tokens, ...tokens]) assert.equal((await verify(token)).kind, 'accepted')
})

test('judging a known token takes less than 50 microseconds (SC-005)', async () => {
  const token = mint('A')
  const rounds = 2_000
  for (let i = 0; i < rounds; i += 1) await verify(token)
  const start = performance.now()
  for (let i = 0; i < rounds; i += 1) await verify(token)
  const each = ((performance.now() - start) * 1000) / rounds
  assert.ok(each < 50, `${each.toFixed(1)} µs`)
})
