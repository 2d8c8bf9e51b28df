import { accountFaults } from './accounts.ts'
import { answerFaults } from './accounts-answers.ts'
import { sessionFaults } from './accounts-sessions.ts'
import type { Fault } from './fault.ts'
import { isolationFaults } from './isolation.ts'
import { tokenClaimFaults } from './token-claims.ts'
import { tokenKeyFaults } from './token-keys.ts'
import { tokenFaults } from './tokens.ts'

export const faults: Fault[] = [
  ...tokenFaults,
  ...tokenKeyFaults,
  ...tokenClaimFaults,
  ...isolationFaults,
  ...accountFaults,
  ...sessionFaults,
  ...answerFaults,
]
