import { setTimeout as delay } from 'node:timers/promises'

/** Waits for what happens elsewhere, and not for long. */
export async function until(condition: () => boolean | Promise<boolean>, ms = 5_000): Promise<void> {
  const end = Date.now() + ms
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('waited in vain')
    await delay(5)
  }
}
