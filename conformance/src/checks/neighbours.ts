// What other clients notice while somebody keeps the target busy.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Kit, Row } from '../check.ts'
import { beside } from './people.ts'

/** ms between the moments at which somebody might ask. */
const STEP = 10
const QUIET = 1_000
const TRIES = 3

interface Waits {
  quiet: number
  noisy: number
  busy: number
}

/**
 * The list's p99 while `work` is done is at most twice what it is in the quiet, or what nobody feels. A machine that
 * shares its cores with the target measures itself too: one good try of several is enough.
 */
export async function othersHardlyWait(
  kit: Kit,
  row: Row,
  what: string,
  work: () => Promise<unknown>,
): Promise<void> {
  const bound = ({ quiet }: Waits) => Math.max(2 * quiet, kit.profile.choices.busyListMs)
  let best: Waits | undefined
  let before = await quietly(kit)
  for (let tries = 0; tries < TRIES && !(best && best.busy <= bound(best)); tries += 1) {
    const busy = await waitDuring(kit, work())
    const after = await quietly(kit)
    const waits = { quiet: Math.min(before, after), noisy: Math.max(before, after), busy }
    if (!best || waits.busy < best.busy) best = waits
    before = after
  }
  const { quiet, noisy, busy } = best!
  const said = `p99 of the list: ${quiet.toFixed(1)} ms in the quiet, ${busy.toFixed(1)} ms during ${what}`
  row.note(said)
  if (busy > bound(best!) && busy <= 2 * noisy)
    row.inconclusive(`${said}, and ${noisy.toFixed(1)} ms without`)
  else row.is(busy <= bound(best!), said)
}

const quietly = (kit: Kit) => waitDuring(kit, sleep(QUIET, undefined, { signal: kit.signal }))

/**
 * The p99 of all who might have asked meanwhile, one each `STEP`. Whoever asks anew when the answer is there asks
 * least while the target stands still, and would see little of it.
 */
async function waitDuring(kit: Kit, work: Promise<unknown>): Promise<number> {
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
  return waits.toSorted((one, other) => one - other)[Math.floor(0.99 * (waits.length - 1))] ?? 0
}
