// What a token says, and when: T-064 … T-095.
import type { Fault } from './fault.ts'

export const tokenClaimFaults: Fault[] = [
  {
    name: 'checks-exp-if-there-is-one',
    says: 'if (exp !== undefined && exp <= now) refuse()',
    kills: ['T-064'],
  },
  {
    name: 'reads-exp-as-a-number-whatever-it-is',
    says: 'int(payload["exp"]), as PyJWT does',
    kills: ['T-065'],
  },
  {
    name: 'never-looks-at-exp',
    says: 'the library surely looks at exp',
    kills: ['T-066', 'T-067'],
    also: ['T-068', 'T-089'],
  },
  {
    name: 'forgives-a-minute',
    says: 'clockTolerance: 60, as in the example',
    kills: ['T-066', 'T-067'],
  },
  {
    name: 'remembers-tokens-past-their-end',
    says: 'a verified token is verified: the cache answers before the clock is asked',
    kills: ['T-066'],
  },
  {
    name: 'expires-a-second-late',
    says: 'if (exp < now) refuse(), in whole seconds',
    kills: ['T-067'],
  },
  {
    name: 'checks-exp-if-it-is-truthy',
    says: 'if (exp && exp <= now) refuse()',
    kills: ['T-064', 'T-068'],
    also: ['T-065'],
  },
  {
    name: 'has-no-cap-on-lifetimes',
    says: 'exp says how long a token lives',
    kills: ['T-069', 'T-070', 'T-071'],
  },
  {
    name: 'ignores-nbf',
    says: 'our issuer writes no nbf',
    kills: ['T-072', 'T-073'],
  },
  {
    name: 'compares-nbf-whatever-it-is',
    says: 'if (nbf > now) refuse(), and "soon" > now is false',
    kills: ['T-073'],
  },
  {
    name: 'ignores-an-iat-ahead',
    says: 'iat is information, not a condition',
    kills: ['T-074'],
  },
  {
    name: 'needs-no-iat',
    says: 'iat is optional in RFC 7519',
    kills: ['T-075'],
  },
  {
    name: 'lets-time-run-backwards',
    says: 'exp is ahead, iat is near enough: nothing else can be wrong',
    kills: ['T-076'],
  },
  {
    name: 'checks-iss-if-there-is-one',
    says: 'if (iss !== undefined && iss !== issuer) refuse(), as fast-jwt does',
    kills: ['T-077'],
  },
  {
    name: 'compares-iss-by-its-beginning',
    says: 'iss.startsWith(issuer), because of the slash at its end',
    kills: ['T-077'],
  },
  {
    name: 'ignores-aud',
    says: 'we have one API',
    kills: ['T-078', 'T-088'],
  },
  {
    name: 'checks-aud-if-there-is-one',
    says: 'if (aud !== undefined && aud !== audience) refuse(), as fast-jwt does',
    kills: ['T-078'],
  },
  {
    name: 'searches-aud-as-text',
    says: 'aud.includes(audience) works for strings and arrays alike',
    kills: ['T-078'],
  },
  {
    name: 'turns-sub-into-text',
    says: 'String(sub), since some issuers write numbers',
    kills: ['T-079', 'T-093'],
  },
  {
    name: 'reads-user-id-alone',
    says: 'user_id is what we need; sub is the library’s business',
    kills: ['T-080'],
  },
  {
    name: 'needs-no-user-id',
    says: 'user_id ?? sub',
    kills: ['T-081'],
  },
  {
    name: 'needs-no-sid',
    says: 'a token without sid is of no session, so none was ended',
    kills: ['T-082'],
  },
  {
    name: 'knows-people-by-email',
    says: 'users.findByEmail(payload.email)',
    kills: ['T-084'],
  },
  {
    name: 'ignores-typ',
    says: 'typ is always JWT',
    kills: ['T-085'],
  },
  {
    name: 'takes-tokens-of-mails',
    says: 'links in mails sign people in: a signed token with an e-mail is as good as any',
    kills: ['T-086'],
  },
  {
    name: 'takes-sessions-for-tokens',
    says: 'a convenience for clients without cookies: the session’s token works as a bearer token too',
    kills: ['T-088'],
  },
  {
    name: 'takes-the-first-of-duplicates',
    says: 'the scanner stops at the first member of a name',
    kills: ['T-089'],
  },
  {
    name: 'ignores-the-case-of-names',
    says: 'names are mapped to fields without regard to case, as encoding/json does',
    kills: ['T-091'],
  },
  {
    name: 'lets-admins-in',
    says: 'support must see everything: claims.role === "admin"',
    kills: ['T-095'],
  },
]
