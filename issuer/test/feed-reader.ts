// An API instance as far as the feed is concerned: polls, applies, acknowledges with its next poll.
import { randomUUID } from 'node:crypto'
import type { TestIssuer } from './issuer.ts'

export interface FeedReader {
  instance: string
  ended: Set<string>
  stop(): Promise<void>
}

/** Resolves when it has applied its first answer and is polling on. */
export async function startReader(issuer: TestIssuer): Promise<FeedReader> {
  const instance = randomUUID()
  const ended = new Set<string>()
  const stopping = new AbortController()
  let after: string | undefined

  async function pollOnce(): Promise<void> {
    const { body } = await issuer.poll({ instance, ...(after && { after }) }, { signal: stopping.signal })
    if (!body?.entries) return
    for (const { sid } of body.entries) ended.add(sid)
    after = `${body.epoch}.${body.seq}`
  }

  async function pollOn(): Promise<void> {
    while (!stopping.signal.aborted) await pollOnce().catch(() => {})
  }

  await pollOnce()
  const polling = pollOn()
  return {
    instance,
    ended,
    stop: async () => {
      stopping.abort()
      await polling
    },
  }
}
