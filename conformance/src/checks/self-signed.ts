// A self-signed certificate (RFC 5280) of the kit's own key, written by hand: just enough DER for `x5c`.
import type { KeyObject } from 'node:crypto'
import { type Alg, type Key, sign } from '../token.ts'

const SIGNED_WITH: Partial<Record<Alg, string>> = {
  RS256: '300d06092a864886f70d01010b0500',
  ES256: '300a06082a8648ce3d040302',
  EdDSA: '300506032b6570',
}
const COMMON_NAME = '0603550403'

export function selfSigned(key: Key, name: string): Buffer {
  const algorithm = Buffer.from(SIGNED_WITH[key.alg]!, 'hex')
  const who = sequence(tag(0x31, sequence(Buffer.from(COMMON_NAME, 'hex'), tag(0x0c, Buffer.from(name)))))
  const validity = sequence(tag(0x17, Buffer.from('200101000000Z')), tag(0x17, Buffer.from('491231235959Z')))
  const version = tag(0xa0, tag(0x02, Buffer.from([2])))
  const serial = tag(0x02, Buffer.from([1]))
  const body = sequence(version, serial, algorithm, who, validity, who, publicKeyOf(key.publicKey!))
  return sequence(body, algorithm, tag(0x03, Buffer.concat([Buffer.alloc(1), signatureOf(body, key)])))
}

const publicKeyOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' })

/** Certificates write ECDSA as a sequence of two integers. */
function signatureOf(body: Buffer, key: Key): Buffer {
  const signature = sign(body, key)
  if (key.alg !== 'ES256') return signature
  return sequence(integer(signature.subarray(0, 32)), integer(signature.subarray(32)))
}

function integer(bytes: Buffer): Buffer {
  const first = bytes.findIndex(byte => byte !== 0)
  const short = bytes.subarray(Math.max(first, 0))
  return tag(0x02, short[0]! & 0x80 ? Buffer.concat([Buffer.alloc(1), short]) : short)
}

function sequence(...parts: Buffer[]): Buffer {
  return tag(0x30, Buffer.concat(parts))
}

function tag(type: number, content: Buffer): Buffer {
  const { length } = content
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.from([type, ...size]), content])
}
