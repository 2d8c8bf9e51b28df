import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'
import { createTurns } from './turns.ts'

const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const TAG_BYTES = 32
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const derive = promisify(argon2)

/** Half of the machine at most: the other half answers everybody else. */
const CONCURRENT = Math.max(1, Math.floor(availableParallelism() / 2))

/**
 * argon2id with the parameters OWASP names (m = 19 MiB, t = 2, p = 1), written as a PHC string.
 * At most `concurrent` derivations run at a time and `waiting` more wait; beyond that `TooManyWaiting`.
 */
export function createPasswordHasher({ concurrent = CONCURRENT, waiting = 256 } = {}) {
  const turns = createTurns({ concurrent, waiting })

  async function hash(password: string): Promise<string> {
    const salt = randomBytes(16)
    const tag = await turn(() => deriveTag(password, salt, MEMORY_KIB, PASSES, PARALLELISM, TAG_BYTES))
    return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${PARALLELISM}$${unpadded(salt)}$${unpadded(tag)}`
  }

  async function verify(stored: string, password: string): Promise<boolean> {
    const [, memory, passes, parallelism, salt, tag] = PHC.exec(stored) ?? []
    if (!salt || !tag) return false
    const expected = Buffer.from(tag, 'base64')
    const actual = await turn(() =>
      deriveTag(
        password,
        Buffer.from(salt, 'base64'),
        Number(memory),
        Number(passes),
        Number(parallelism),
        expected.length,
      ),
    )
    return timingSafeEqual(actual, expected)
  }

  async function turn<Result>(work: () => Promise<Result>): Promise<Result> {
    const end = await turns.take()
    return await work().finally(end)
  }

  return { hash, verify, figures: turns.figures }
}
export type PasswordHasher = ReturnType<typeof createPasswordHasher>

function deriveTag(
  password: string,
  nonce: Buffer,
  memory: number,
  passes: number,
  parallelism: number,
  tagLength: number,
): Promise<Buffer> {
  // NFC, so that the same password typed on two keyboards is the same bytes.
  return derive('argon2id', {
    message: password.normalize('NFC'),
    nonce,
    memory,
    passes,
    parallelism,
    tagLength,
  })
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
