// One Idempotency-Key of one user makes one task; the first answer is kept.
import { setTimeout as sleep } from 'node:timers/promises'
import { Problem } from './exchange.ts'
import type { State, Task } from './state.ts'

export async function once(
  state: State,
  { user, key, body }: { user: string; key: string; body: string },
  make: () => Task,
): Promise<Task> {
  const place = state.has('idempotency-keys-of-everybody') ? key : `${user}\n${key}`
  const kept = state.store.kept.get(place)
  if (kept && kept.body !== body) throw new Problem(422, 'idempotency_key_reused')
  if (kept) return await kept.answer
  if (state.has('looks-the-key-up-then-stores')) await sleep(20)
  const answer = make()
  state.store.kept.set(place, { body, answer: Promise.resolve(answer) })
  return answer
}
