// How tokens are read, and refused: T-001 … T-030 and what is in their form.
import type { Fault } from './fault.ts'

export const tokenFaults: Fault[] = [
  {
    name: 'answers-206-for-a-page',
    says: 'a list that may go on is partial content, so the list answers 206',
    kills: ['T-001'],
    also: ['T-002', 'T-003', 'T-004', 'T-005', 'T-006', 'T-007', 'T-008', 'T-009', 'T-063', 'T-095'],
  },
  {
    name: 'compares-aud-as-text',
    says: 'aud is a string in all tokens seen so far: claims.aud === audience',
    kills: ['T-002'],
  },
  {
    name: 'compares-typ-as-text',
    says: "header.typ === 'at+jwt', as the issuer writes it",
    kills: ['T-003'],
  },
  {
    name: 'refuses-unknown-claims',
    says: 'strict schemas are safer, so a claim nobody listed is refused',
    kills: ['T-004'],
  },
  {
    name: 'compares-the-encoded-header',
    says: 'every header of ours is the same text, so the encoded one is compared and nothing parsed',
    kills: ['T-005'],
  },
  {
    name: 'knows-the-newest-key-alone',
    says: 'the key that signs is the key that verifies: keys[0]',
    kills: ['T-006'],
  },
  {
    name: 'wants-bearer-spelled-so',
    says: "value.startsWith('Bearer ')",
    kills: ['T-007'],
  },
  {
    name: 'counts-with-big-integers',
    says: 'times are integers, BigInt(claims.exp) is exact',
    kills: ['T-008'],
    also: ['T-064', 'T-065', 'T-068'],
  },
  {
    name: 'locks-accounts-after-bad-tokens',
    says: 'who fails a thousand times is an attacker, so the account that the tokens name is locked',
    kills: ['T-009'],
  },
  {
    name: 'forbids-who-sends-nothing',
    says: 'the security dependency answers 403 when the header is missing, as its default is',
    kills: ['T-010'],
    also: ['T-113'],
  },
  {
    name: 'blames-a-token-that-was-not-sent',
    says: 'one function writes every challenge, always with error=',
    kills: ['T-010'],
    also: ['T-012'],
  },
  {
    name: 'takes-the-word-after-the-scheme',
    says: "header.split(' ')[1].trim()",
    kills: ['T-011', 'T-012'],
  },
  {
    name: 'ignores-the-scheme',
    says: "header.split(' ')[1], whatever stands before it",
    kills: ['T-012'],
  },
  {
    name: 'forgets-the-challenge',
    says: '401 with a body that explains everything, and no WWW-Authenticate',
    kills: ['T-012'],
  },
  {
    name: 'takes-null-for-a-guest',
    says: 'the page sends "null" before anybody signed in: that is a guest, not a bad token',
    kills: ['T-013'],
  },
  {
    name: 'ignores-further-segments',
    says: "const [header, payload, signature] = token.split('.')",
    kills: ['T-014'],
  },
  {
    name: 'verifies-signatures-that-are-there',
    says: 'if (signature) verify(signature)',
    kills: ['T-015', 'T-031'],
  },
  {
    name: 'decrypts-tokens-too',
    says: 'the library reads JWS and JWE alike with one key; what decrypts must be ours',
    kills: ['T-016'],
  },
  {
    name: 'reads-json-serialisation',
    says: 'all three serialisations of RFC 7515 are supported',
    kills: ['T-017'],
  },
  {
    name: 'parses-outside-the-try',
    says: 'header and payload are parsed first, and try begins at the signature',
    kills: ['T-019', 'T-020', 'T-021', 'T-022', 'T-023', 'T-030', 'T-097'],
  },
  {
    name: 'guesses-the-encoding',
    says: 'json.loads(bytes) finds out the encoding by itself',
    kills: ['T-022'],
  },
  {
    name: 'replaces-bad-bytes',
    says: "buffer.toString('utf8')",
    kills: ['T-023'],
  },
  {
    name: 'takes-any-text-for-an-id',
    says: "typeof value === 'string' && value !== ''",
    kills: ['T-026'],
    also: ['T-079', 'T-081', 'T-082'],
  },
  {
    name: 'no-size-limit',
    says: 'the HTTP server bounds headers already',
    kills: ['T-028', 'T-029'],
  },
  {
    name: 'decodes-without-verifying',
    says: 'the gateway has verified the token: jwt.decode',
    kills: ['T-030', 'T-096', 'T-097', 'T-104'],
    also: ['T-031', 'T-034', 'T-035', 'T-050', 'T-051'],
  },
  {
    name: 'compares-half-the-signature',
    says: '128 bits are enough to compare',
    kills: ['T-096'],
  },
  {
    name: 'ignores-trailing-bits',
    says: "Buffer.from(segment, 'base64url') and no look at what it dropped",
    kills: ['T-096'],
  },
  {
    name: 'remembers-tokens-by-signature',
    says: 'the signature is unique, so it is the key of the cache of verified tokens',
    kills: ['T-097', 'T-104'],
    also: ['T-014', 'T-015', 'T-031', 'T-100'],
  },
  {
    name: 'remembers-tokens-by-payload',
    says: 'the payload says it all, so it is the key of the cache of verified tokens',
    kills: ['T-096', 'T-104'],
    also: ['T-014', 'T-015', 'T-030', 'T-097', 'T-100', 'T-101'],
  },
  {
    name: 'pads-segments-by-itself',
    says: "a segment gets '==' behind it before it is decoded, however many it has already",
    kills: ['T-100'],
  },
  {
    name: 'decodes-both-alphabets',
    says: "Buffer.from(segment, 'base64') reads both",
    kills: ['T-101'],
  },
  {
    name: 'skips-unknown-characters',
    says: 'base64.b64decode without validate drops what it does not know',
    kills: ['T-100', 'T-102'],
    also: ['T-101'],
  },
  {
    name: 'stops-at-the-first-difference',
    says: 'for (const [index, byte] of expected.entries()) if (given[index] !== byte) return false',
    kills: ['T-108'],
  },
]
