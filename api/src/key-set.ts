import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from 'pino'
import { type PublicKey, readKeySet, type VerificationKeys } from './access-token.ts'

interface Parts {
  /** Where the issuer publishes its JWK Set. */
  url: string
  fetch: typeof globalThis.fetch
  log: Logger
  refreshMs?: number
  /** An unknown `kid` brings the next look forward, but never closer than this to the last. */
  cooldownMs?: number
}

export interface KeySet extends VerificationKeys {
  start(): void
  /** Looks now, for whoever knows that there is something new. */
  refresh(): Promise<void>
  close(): Promise<void>
}

const TIMEOUT_MS = 5_000
const RETRY_MS = 1_000

/**
 * The issuer's public keys, fetched in the background alone: a token never makes anyone wait for a key, and what
 * a token says about where keys are is not read.
 */
export function createKeySet(parts: Parts): KeySet {
  const { refreshMs = 60_000, cooldownMs = 5_000, log } = parts
  const stop = new AbortController()
  let keys: ReadonlyMap<string, PublicKey> | null = null
  let wake = new AbortController()
  let lost = false
  let running: Promise<void> | null = null
  let latest = Promise.resolve()

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      wake = new AbortController()
      await refresh()
      await sleep(keys ? cooldownMs : RETRY_MS, stop.signal)
      if (keys) await sleep(refreshMs - cooldownMs, AbortSignal.any([stop.signal, wake.signal]))
    }
  }

  /** One after the other: the slower of two at once would bring a key back that is retired by then. */
  function refresh(): Promise<void> {
    latest = latest.then(look)
    return latest
  }

  async function look(): Promise<void> {
    try {
      keys = await readKeySet(await download(parts, stop.signal), keys ?? new Map())
      if (lost) log.info({ event: 'key_set_recovered' }, 'The key set can be read again')
      lost = false
    } catch (error) {
      if (!lost && !stop.signal.aborted)
        log.warn({ event: 'key_set_lost', reason: (error as Error).name }, 'The key set cannot be read')
      lost = true
    }
  }

  return {
    get: kid => {
      const known = keys?.get(kid)
      if (!known) wake.abort()
      return known?.key
    },
    loaded: () => keys !== null,
    start: () => {
      running ??= run()
    },
    refresh,
    close: async () => {
      stop.abort()
      await running
    },
  }
}

async function download({ url, fetch }: Parts, stop: AbortSignal): Promise<unknown> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
  const response = await fetch(url, { signal, redirect: 'error' })
  if (response.status !== 200) {
    await response.body?.cancel()
    throw new Error(`status ${response.status}`)
  }
  return await response.json()
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {})
}
