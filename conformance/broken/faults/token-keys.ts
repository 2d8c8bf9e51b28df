// Which algorithm and which key: T-031 … T-063.
import type { Fault } from './fault.ts'

export const tokenKeyFaults: Fault[] = [
  {
    name: 'accepts-alg-none',
    says: 'unsecured tokens are part of the specification',
    kills: ['T-031'],
  },
  {
    name: 'leaves-key-pairs-to-the-gateway',
    says: '"none" is refused, HS256 verified, and the gateway in front has verified everything else',
    kills: ['T-031', 'T-036', 'T-038', 'T-040'],
  },
  {
    name: 'takes-a-missing-alg-for-ours',
    says: "String(header.alg ?? 'HS256') === 'HS256'",
    kills: ['T-032'],
  },
  {
    name: 'normalises-alg',
    says: 'header.alg.trim().toUpperCase()',
    kills: ['T-033'],
    also: ['T-032'],
  },
  {
    name: 'uses-the-tokens-hash',
    says: 'createHmac(header.alg without HS, secret)',
    kills: ['T-034'],
  },
  {
    name: 'hashes-with-sha-256-whatever-alg-says',
    says: 'the header must say HS-something, and the MAC is SHA-256',
    kills: ['T-035'],
  },
  {
    name: 'hands-the-key-to-any-algorithm',
    says: 'jwt.verify(token, publicKeyAsPem): the library takes the algorithm from the token',
    kills: ['T-037'],
    variant: 'eddsa',
  },
  {
    name: 'leaves-the-choice-of-the-algorithm-to-the-token',
    says: "algorithms: ['HS256', 'EdDSA'] for every key",
    kills: ['T-039'],
    also: ['T-034'],
    variant: 'both-families',
  },
  {
    name: 'cuts-signatures-to-their-length',
    says: 'an Ed25519 signature has 64 bytes: signature.subarray(0, 64)',
    kills: ['T-041'],
    also: ['T-096'],
    variant: 'eddsa',
  },
  {
    name: 'inflates-compressed-tokens',
    says: 'zip: DEF is in the registry, so it is supported',
    kills: ['T-043'],
  },
  {
    name: 'trusts-jwk',
    says: 'the token brings its key, and the signature fits',
    kills: ['T-045', 'T-046'],
  },
  {
    name: 'fetches-jku',
    says: 'the token says where its keys are: they are fetched before anything else',
    kills: ['T-047'],
  },
  {
    name: 'fetches-x5u',
    says: 'the token says where its certificate is: it is fetched before anything else',
    kills: ['T-048'],
  },
  {
    name: 'trusts-x5c',
    says: 'the key of the first certificate verifies',
    kills: ['T-049'],
  },
  {
    name: 'takes-the-first-key-without-kid',
    says: 'without a kid there is only one it can be',
    kills: ['T-050'],
  },
  {
    name: 'tries-every-key',
    says: 'keys.some(key => verifies(token, key)): rotation made easy',
    kills: ['T-051', 'T-050'],
  },
  {
    name: 'reads-the-key-from-a-file',
    says: 'resolve(KEYS_FOLDER, header.kid)',
    kills: ['T-052'],
  },
  {
    name: 'asks-the-database-for-kid',
    says: 'the kid is glued into select secret from keys where kid = …',
    kills: ['T-054'],
  },
  {
    name: 'names-the-kid-in-the-challenge',
    says: 'error_description tells which key is not known',
    kills: ['T-056'],
    also: ['T-051'],
  },
  {
    name: 'keeps-retired-keys',
    says: 'a key that verified once stays in the cache of keys',
    kills: ['T-057'],
  },
  {
    name: 'falls-back-to-a-default-secret',
    says: "process.env.SECRET ?? 'better-auth-secret-12345678901234567890' was left in one of two places",
    kills: ['T-059'],
  },
  {
    name: 'takes-the-text-of-the-secret',
    says: 'the secret may be base64url or plain text: both are tried',
    kills: ['T-060'],
  },
  {
    name: 'ignores-crit',
    says: 'nobody sends crit',
    kills: ['T-061'],
  },
  {
    name: 'lets-the-header-overrule-claims',
    says: '{ ...payload, ...header } is what the handlers see',
    kills: ['T-063'],
  },
]
