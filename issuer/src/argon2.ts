import type { Argon2Parameters } from 'node:crypto'
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** argon2id on threads of its own: as many as were ever asked at once, which is the caller's to bound. */
export function createArgon2() {
  const idle: Worker[] = []

  return async function derive(parameters: Argon2Parameters): Promise<Buffer> {
    const worker = idle.pop() ?? new Worker(new URL('argon2-worker.ts', import.meta.url))
    // Only while it works does it keep the process alive.
    worker.ref()
    worker.postMessage(parameters)
    const [tag] = (await once(worker, 'message')) as [Uint8Array]
    worker.unref()
    idle.push(worker)
    return Buffer.from(tag)
  }
}
