import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { test } from 'node:test'
import { type Alg, generateKey } from '../token.ts'
import { selfSigned } from './self-signed.ts'

for (const alg of ['RS256', 'ES256', 'EdDSA'] as Alg[])
  test(`a certificate of an ${alg} key is one that node verifies with that key`, () => {
    const key = generateKey(alg)
    const certificate = new X509Certificate(selfSigned(key, 'somebody'))
    assert.equal(certificate.subject, 'CN=somebody')
    assert.ok(certificate.verify(key.publicKey!))
    assert.ok(certificate.checkPrivateKey(key.privateKey!))
  })
