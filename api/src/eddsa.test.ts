import assert from 'node:assert/strict'
import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import { base64url, claims, mint, sign } from '../test/issuer-stand-in.ts'
import { reasonOf, verifierAt } from '../test/verifier.ts'
import { readKeySet } from './access-token.ts'

describe('EdDSA', () => {
  const pair = generateKeyPairSync('ed25519')
  const jwk = { ...pair.publicKey.export({ format: 'jwk' }), kid: 'e1' }
  const eddsa = (payload: object, header: object = {}) => {
    const input = [{ alg: 'EdDSA', typ: 'at+jwt', kid: 'e1', ...header }, payload]
      .map(part => base64url(JSON.stringify(part)))
      .join('.')
    return { input, signature: signBytes(null, Buffer.from(input), pair.privateKey) }
  }
  const token = (payload: object, header?: object) => {
    const { input, signature } = eddsa(payload, header)
    return `${input}.${base64url(signature)}`
  }
  const open = async () => {
    const set = await readKeySet({ keys: [{ kty: 'oct', k: 'AA', kid: 'o' }, jwk] }, new Map())
    const ring = { get: (kid: string) => set.get(kid)?.key, loaded: () => true }
    return { set, verify: verifierAt(Date.now(), { algorithm: 'EdDSA', keys: ring }).verify }
  }

  test('its tokens are accepted, HS256 with the public key as secret is not (T-037)', async () => {
    const { verify } = await open()
    assert.equal(reasonOf(await verify(token(claims('A')))), 'accepted')
    const pem = pair.publicKey.export({ format: 'pem', type: 'spki' }).toString()
    const der = pair.publicKey.export({ format: 'der', type: 'spki' })
    for (const secret of [
      pem,
      pem.trim(),
      ` ${pem}`,
      `\n${pem}`,
      der,
      der.subarray(-32),
      JSON.stringify(jwk),
      jwk.x!,
    ])
      for (const alg of ['HS256', 'EdDSA']) {
        const forged = sign({ alg, typ: 'at+jwt', kid: 'e1' }, claims('A'), Buffer.from(secret))
        assert.equal((await verify(forged)).kind, 'refused')
      }
    assert.equal((await verify(mint('A'))).kind, 'refused')
  })
  test('malleated, longer, shorter and empty signatures are refused (T-040, T-041)', async () => {
    const { verify } = await open()
    const { input, signature } = eddsa(claims('A'))
    const order = 0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3edn
    const s = [...signature.subarray(32)].reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n) + order
    const malleated = Buffer.from(signature)
    for (let at = 0; at < 32; at += 1) malleated[32 + at] = Number((s >> BigInt(8 * at)) & 0xffn)
    const others = [
      malleated,
      Buffer.concat([signature, Buffer.from([0])]),
      signature.subarray(0, 63),
      Buffer.alloc(64),
    ]
    for (const other of others)
      assert.equal(reasonOf(await verify(`${input}.${base64url(other)}`)), 'signature')
  })
  test('a key that is published again stays the same, and a retired one verifies no more, cached or not', async () => {
    const { set } = await open()
    assert.equal((await readKeySet({ keys: [jwk] }, set)).get('e1')?.key, set.get('e1')?.key)
    let current = set
    const ring = { get: (kid: string) => current.get(kid)?.key, loaded: () => true }
    const { verify } = verifierAt(Date.now(), { algorithm: 'EdDSA', keys: ring })
    const good = token(claims('A'))
    assert.equal(reasonOf(await verify(good)), 'accepted')
    current = await readKeySet({ keys: [] }, set)
    assert.equal(reasonOf(await verify(good)), 'unknown_key')
  })
  test('before the first key set nothing is accepted or refused', async () => {
    const { verify } = verifierAt(Date.now(), {
      algorithm: 'EdDSA',
      keys: { get: () => undefined, loaded: () => false },
    })
    assert.equal(reasonOf(await verify(token(claims('A')))), 'unavailable')
  })
})
