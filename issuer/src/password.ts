import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { promisify } from 'node:util'

const MEMORY_KIB = 19_456
const PASSES = 2
const PARALLELISM = 1
const TAG_BYTES = 32
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

const derive = promisify(argon2)

/** Half of the machine at most: the other half answers everybody else. */
const CONCURRENT = Math.max(1, Math.floor(availableParallelism() / 2))

export class TooManyPasswords extends Error {}

/**
 * argon2id with the parameters OWASP names (m = 19 MiB, t = 2, p = 1), written as a PHC string.
 * At most `concurrent` derivations run at a time and `waiting` more wait; beyond that `TooManyPasswords`.
 */
export function createPasswordHasher({ concurrent = CONCURRENT, waiting = 256 } = {}) {
  const { turn, figures } = createQueue(concurrent, waiting)

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

  return { hash, verify, figures }
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

function createQueue(concurrent: number, waiting: number) {
  let running = 0
  let refused = 0
  const queue: (() => void)[] = []
  async function turn<Result>(work: () => Promise<Result>): Promise<Result> {
    if (running >= concurrent) {
      if (queue.length >= waiting) {
        refused += 1
        throw new TooManyPasswords()
      }
      await new Promise<void>(resolve => queue.push(resolve))
    } else running += 1
    try {
      return await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
  return { turn, figures: () => ({ running, waiting: queue.length, refused }) }
}
