import type { Check } from '../check.ts'
import { checks as answers } from './answers.ts'
import { checks as controls } from './controls.ts'
import { checks as cookies } from './cookies.ts'
import { checks as crossSite } from './cross-site.ts'
import { checks as emails } from './emails.ts'
import { checks as failures } from './failures.ts'
import { checks as outages } from './outages.ts'
import { checks as passwords } from './passwords.ts'
import { checks as reset } from './reset.ts'
import { checks as revocation } from './revocation.ts'
import { checks as rotation } from './rotation.ts'
import { checks as sessions } from './sessions.ts'
import { checks as signIn } from './sign-in.ts'
import { checks as tokensAlgorithm } from './tokens-algorithm.ts'
import { checks as tokensClaims } from './tokens-claims.ts'
import { checks as tokensKey } from './tokens-key.ts'
import { checks as tokensSignature } from './tokens-signature.ts'
import { checks as tokensStructure } from './tokens-structure.ts'
import { checks as tokensTime } from './tokens-time.ts'

export const checks: Check[] = [
  ...controls,
  ...tokensStructure,
  ...tokensAlgorithm,
  ...tokensKey,
  ...tokensClaims,
  ...tokensTime,
  ...tokensSignature,
  ...answers,
  ...cookies,
  ...crossSite,
  ...emails,
  ...failures,
  ...outages,
  ...passwords,
  ...reset,
  ...revocation,
  ...rotation,
  ...sessions,
  ...signIn,
]
