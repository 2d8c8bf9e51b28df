// What other clients notice while somebody keeps the target busy.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kit, Row } from '../check.ts'
import { beside } from './people.ts'

/** ms between the moments at which somebody might ask. */
const STEP = 10
const QUIET = 1_000
const TRIES = 3

interface Waits {
  median: number
  p99: number
}

/**
 * The list's p99 while `work` is done is at most twice what it is in the quiet, or what nobody feels. A machine that
 * shares its cores with the target measures itself too: one good try of several is enough, and without one it is the
 * target only if half of all who ask have to wait, and long.
 */
export async function othersHardlyWait(
  kit: Kit,
  row: Row,
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const unfelt = kit.profile.choices.busyListMs
  let quiet = await quietly(kit)
  let busy: Waits = { median: Infinity, p99: Infinity }
  const isFine = () => busy.p99 <= Math.max(2 * quiet.p99, unfelt)
  for (let tries = 0; tries < TRIES && !isFine(); tries += 1) {
    busy = better(busy, await waitsDuring(kit, work()))
    if (!isFine()) quiet = better(quiet, await quietly(kit))
  }
  const said = `p99 of the list: ${quiet.p99.toFixed(1)} ms in the quiet, ${busy.p99.toFixed(1)} ms during ${what}`
  const half = `half of all wait ${busy.median.toFixed(1)} ms, else ${quiet.median.toFixed(1)} ms`
  row.note(`${said}; ${half}`)
  if (isFine()) row.is(true, said)
  else if (busy.median > Math.max(5 * quiet.median, unfelt / 2)) row.fail(`${said}; ${half}`)
  else row.inconclusive(`${said}, but ${half}`)
}

const better = (one: Waits, other: Waits) => (one.p99 <= other.p99 ? one : other)

const quietly = (kit: Kit) => waitsDuring(kit, sleep(QUIET, undefined, { signal: kit.signal }))

/**
 * What all have to wait who might have asked meanwhile, one each `STEP`. Whoever asks anew when the answer is there
 * asks least while the target stands still, and would see little of it.
 */
async function waitsDuring(kit: Kit, work: Promise<unknown>): Promise<Waits> {
  const waits: number[] = []
  let isOver = false
  const over = beside(work).finally(() => {
    isOver = true
  })
  beside(over)
  for (let due = performance.now(); !isOver; ) {
    await kit.ask('list', { as: kit.b })
    const now = performance.now()
    for (; due <= now; due += STEP) waits.push(now - due)
    await sleep(due - now, undefined, { signal: kit.signal })
  }
  await over
  waits.sort((one, other) => one - other)
  const at = (share: number) => waits[Math.floor(share * (waits.length - 1))] ?? 0
  return { median: at(0.5), p99: at(0.99) }
}
