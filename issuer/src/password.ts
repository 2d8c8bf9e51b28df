import { type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { createArgon2 } from './argon2.ts'
import { createTurns } from './turns.ts'

const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const TAG_BYTES = 32
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const CORES = availableParallelism()
/** Half of the machine at most: the other half answers everybody else. */
const CONCURRENT = Math.max(1, Math.floor(CORES / 2))
/** Where half is no whole core to spare, a turn is followed by a rest twice as long: in a crowd others get through. */
const REST = CORES < 4 ? 2 : 0
const LONGEST_REST_MS = 50

/**
 * argon2id with the parameters OWASP names (m = 19 MiB, t = 2, p = 1), written as a PHC string.
 * At most `concurrent` derivations run at a time and `waiting` more wait; beyond that `TooManyWaiting`.
 */
export function createPasswordHasher({ concurrent = CONCURRENT, waiting = 256 } = {}) {
  const argon2 = createArgon2()
  const turns = createTurns({ concurrent, waiting })

  async function hash(password: string, gone?: AbortSignal): Promise<string> {
    const salt = randomBytes(16)
    const parameters = {
      nonce: salt,
      memory: MEMORY_KIB,
      passes: PASSES,
      parallelism: PARALLELISM,
      tagLength: TAG_BYTES,
    }
    const tag = await derive(password, parameters, gone)
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${unpadded(salt)}$${unpadded(tag)}`
  }

  async function verify(stored: string, password: string, gone?: AbortSignal): Promise<boolean> {
    const [, memory, passes, parallelism, salt, tag] = PHC.exec(stored) ?? []
    if (!salt || !tag) return false
    const expected = Buffer.from(tag, 'base64')
    const parameters = {
      nonce: Buffer.from(salt, 'base64'),
      memory: Number(memory),
      passes: Number(passes),
      parallelism: Number(parallelism),
      tagLength: expected.length,
    }
    const actual = await derive(password, parameters, gone)
    return timingSafeEqual(actual, expected)
  }

  async function derive(
    password: string,
    parameters: Omit<Argon2Parameters, 'message'>,
    gone?: AbortSignal,
  ): Promise<Buffer> {
    const end = await turns.take(gone)
    const began = performance.now()
    // NFC, so that the same password typed on two keyboards is the same bytes.
    return await argon2({ message: password.normalize('NFC'), ...parameters }).finally(() => {
      const rest = Math.min(performance.now() - began, LONGEST_REST_MS)
      setTimeout(end, REST * rest)
    })
  }

  return { hash, verify, figures: turns.figures }
}
export type PasswordHasher = ReturnType<typeof createPasswordHasher>

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
