export type { Task, TaskChange } from '@latchkey/api/contract'

/** In Unicode code points, as the contract counts. */
export const LONGEST_TITLE = 200
export const LONGEST_DESCRIPTION = 10_000
