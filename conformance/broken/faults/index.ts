import type { Fault } from './fault.ts'
import { isolationFaults } from './isolation.ts'
import { tokenClaimFaults } from './token-claims.ts'
import { tokenKeyFaults } from './token-keys.ts'
import { tokenFaults } from './tokens.ts'

export const faults: Fault[] = [...tokenFaults, ...tokenKeyFaults, ...tokenClaimFaults, ...isolationFaults]
