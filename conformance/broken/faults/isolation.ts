import type { Fault } from './fault.ts'
import { bodyFaults } from './isolation-bodies.ts'
import { requestFaults } from './isolation-requests.ts'
import { rowFaults } from './isolation-rows.ts'

export const isolationFaults: Fault[] = [...requestFaults, ...rowFaults, ...bodyFaults]
