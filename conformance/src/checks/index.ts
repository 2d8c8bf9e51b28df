import type { Check } from '../check.ts'
import { checks as controls } from './controls.ts'

export const checks: Check[] = [...controls]
