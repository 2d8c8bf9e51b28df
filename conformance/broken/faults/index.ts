import type { Fault } from './fault.ts'
import { isolationFaults } from './isolation.ts'
import { tokenFaults } from './tokens.ts'

export const faults: Fault[] = [...tokenFaults, ...isolationFaults]
