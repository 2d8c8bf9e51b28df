import { clockFaults } from './faults/clocks.ts'
import { databaseFaults } from './faults/database.ts'
import { feedFaults } from './faults/feed.ts'
import { floodFaults } from './faults/flood.ts'
import { processFaults } from './faults/processes.ts'
import type { Fault } from './world.ts'

/** Every row of the table in docs/operations.md. The flood comes last: what it leaves in memory is meant to stay. */
export const faults: readonly Fault[] = [
  ...databaseFaults,
  ...feedFaults,
  ...processFaults,
  ...clockFaults,
  ...floodFaults,
]

export const LAST = floodFaults[0]!.name
