import type { Fault } from './fault.ts'
import { tokenFaults } from './tokens.ts'

export const faults: Fault[] = [...tokenFaults]
