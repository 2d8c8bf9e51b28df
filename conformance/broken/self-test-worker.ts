// Takes faults by name from the main thread, one at a time.
import { parentPort } from 'node:worker_threads'
import { faults } from './faults/index.ts'
import type { Variant } from './state.ts'
import { tryFault } from './try-fault.ts'

export interface Task {
  fault: string | null
  variant: Variant
  /** Rows of the good server to be tried once more. */
  again?: string[]
}

parentPort!.on('message', async ({ fault, variant, again }: Task) => {
  const chosen = fault === null ? null : faults.find(({ name }) => name === fault)!
  parentPort!.postMessage(await tryFault(chosen, variant, again))
})
