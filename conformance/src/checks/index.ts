import type { Check } from '../check.ts'
import { checks as answers } from './answers.ts'
import { checks as controls } from './controls.ts'
import { checks as cookies } from './cookies.ts'
import { checks as crossSite } from './cross-site.ts'
import { checks as emails } from './emails.ts'
import { checks as failures } from './failures.ts'
import { checks as logs } from './logs.ts'
import { checks as outages } from './outages.ts'
import { checks as passwords } from './passwords.ts'
import { checks as reset } from './reset.ts'
import { checks as revocation } from './revocation.ts'
import { checks as rotation } from './rotation.ts'
import { checks as rowSecurity } from './row-security.ts'
import { checks as sessions } from './sessions.ts'
import { checks as signIn } from './sign-in.ts'
import { checks as streams } from './streams.ts'

export const checks: Check[] = [
  ...controls,
  ...answers,
  ...cookies,
  ...crossSite,
  ...emails,
  ...failures,
  ...logs,
  ...outages,
  ...passwords,
  ...reset,
  ...revocation,
  ...rotation,
  ...rowSecurity,
  ...sessions,
  ...signIn,
  ...streams,
]
