import assert from 'node:assert/strict'
import { createHmac, verify } from 'node:crypto'
import { test } from 'node:test'
import { type Alg, decode, forge, generateKey, readPrivateKey } from './token.ts'

const claims = { sub: 'a', exp: 1 }

for (const alg of ['HS256', 'HS384', 'HS512'] as Alg[]) {
  test(`a token signed with ${alg} carries that MAC`, () => {
    const key = generateKey(alg)
    const [header, payload, signature] = forge({ header: { alg }, claims, key }).split('.')
    const mac = createHmac(`sha${alg.slice(2)}`, key.secret!).update(`${header}.${payload}`)
    assert.equal(signature, mac.digest('base64url'))
  })
}

const PAIRS = [
  ['EdDSA', null, {}],
  ['RS256', 'sha256', {}],
  ['PS256', 'sha256', { padding: 6 }],
  ['ES256', 'sha256', { dsaEncoding: 'ieee-p1363' }],
] as const

for (const [alg, digest, more] of PAIRS) {
  test(`a token signed with ${alg} verifies with its public key`, () => {
    const key = generateKey(alg)
    const [header, payload, signature] = forge({ header: { alg }, claims, key }).split('.')
    const bytes = Buffer.from(`${header}.${payload}`)
    const publicKey = { key: key.publicKey!, ...more }
    assert.ok(verify(digest, bytes, publicKey, Buffer.from(signature!, 'base64url')))
  })
}

test('every part may be bytes, and nothing is corrected', () => {
  const key = generateKey('HS256')
  const token = forge({ rawHeader: '{"alg":"none"', rawPayload: Buffer.from([0xff, 0x00]), key })
  const [header, payload, signature] = token.split('.')
  assert.equal(Buffer.from(header!, 'base64url').toString(), '{"alg":"none"')
  assert.deepEqual(Buffer.from(payload!, 'base64url'), Buffer.from([0xff, 0x00]))
  assert.equal(
    signature,
    createHmac('sha256', key.secret!).update(`${header}.${payload}`).digest('base64url'),
  )
})

test('the signature may be missing, text or bytes, and another algorithm than the header says', () => {
  assert.match(forge({ header: { alg: 'none' }, claims }), /^[\w-]+\.[\w-]+\.$/)
  assert.match(forge({ claims, signature: 'as it is' }), /\.as it is$/)
  assert.match(forge({ claims, signature: Buffer.alloc(3) }), /\.AAAA$/)
  const key = generateKey('HS256')
  const other = forge({ header: { alg: 'HS256' }, claims, key, alg: 'HS512' })
  assert.equal(Buffer.from(other.split('.')[2]!, 'base64url').length, 64)
})

test('a key is read as PEM and as JWK', () => {
  const { privateKey } = generateKey('EdDSA')
  const pem = privateKey!.export({ type: 'pkcs8', format: 'pem' }) as string
  const jwk = JSON.stringify(privateKey!.export({ format: 'jwk' }))
  assert.ok(readPrivateKey(pem).equals(privateKey!))
  assert.ok(readPrivateKey(jwk).equals(privateKey!))
})

test('what is no token decodes to nothing', () => {
  assert.equal(decode('garbage'), null)
  assert.deepEqual(decode(forge({ header: { alg: 'x' }, claims }))?.claims, claims)
})
