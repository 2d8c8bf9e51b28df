import type { Check } from '../check.ts'
import { checks as absence } from './absence.ts'
import { checks as answers } from './answers.ts'
import { checks as bodies } from './bodies.ts'
import { checks as bodySizes } from './body-sizes.ts'
import { checks as controls } from './controls.ts'
import { checks as cookies } from './cookies.ts'
import { checks as credentials } from './credentials.ts'
import { checks as crossSite } from './cross-site.ts'
import { checks as emails } from './emails.ts'
import { checks as failures } from './failures.ts'
import { checks as framing } from './framing.ts'
import { checks as grid } from './grid.ts'
import { checks as injection } from './injection.ts'
import { checks as logs } from './logs.ts'
import { checks as markup } from './markup.ts'
import { checks as massAssignment } from './mass-assignment.ts'
import { checks as methods } from './methods.ts'
import { checks as objects } from './objects.ts'
import { checks as outages } from './outages.ts'
import { checks as pagePolicy } from './page-policy.ts'
import { checks as pages } from './pages.ts'
import { checks as passwords } from './passwords.ts'
import { checks as paths } from './paths.ts'
import { checks as races } from './races.ts'
import { checks as reset } from './reset.ts'
import { checks as revocation } from './revocation.ts'
import { checks as rotation } from './rotation.ts'
import { checks as rowSecurity } from './row-security.ts'
import { checks as sessions } from './sessions.ts'
import { checks as signIn } from './sign-in.ts'
import { checks as streams } from './streams.ts'
import { checks as tokensAlgorithm } from './tokens-algorithm.ts'
import { checks as tokensClaims } from './tokens-claims.ts'
import { checks as tokensForeignKey } from './tokens-foreign-key.ts'
import { checks as tokensKid } from './tokens-kid.ts'
import { checks as tokensSecret } from './tokens-secret.ts'
import { checks as tokensSignature } from './tokens-signature.ts'
import { checks as tokensStructure } from './tokens-structure.ts'
import { checks as tokensTime } from './tokens-time.ts'

export const checks: Check[] = [
  ...absence,
  ...answers,
  ...bodies,
  ...bodySizes,
  ...controls,
  ...cookies,
  ...credentials,
  ...crossSite,
  ...emails,
  ...failures,
  ...framing,
  ...grid,
  ...injection,
  ...logs,
  ...markup,
  ...massAssignment,
  ...methods,
  ...objects,
  ...outages,
  ...pagePolicy,
  ...pages,
  ...passwords,
  ...paths,
  ...races,
  ...reset,
  ...revocation,
  ...rotation,
  ...rowSecurity,
  ...sessions,
  ...signIn,
  ...streams,
  ...tokensAlgorithm,
  ...tokensClaims,
  ...tokensForeignKey,
  ...tokensKid,
  ...tokensSecret,
  ...tokensSignature,
  ...tokensStructure,
  ...tokensTime,
]
