// Every choice of a run follows from one seed, so that what failed can be sent again.
import { createHash, randomBytes } from 'node:crypto'

export interface Random {
  readonly seed: string
  /** 0 ≤ n < 1 */
  number(): number
  /** 0 ≤ n < below */
  integer(below: number): number
  pick<Item>(items: readonly Item[]): Item
  shuffle<Item>(items: readonly Item[]): Item[]
  bytes(length: number): Buffer
  /** Letters and digits. */
  text(length: number): string
  /** Another stream that depends on this seed and `name` alone. */
  fork(name: string): Random
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

export function createRandom(seed: string): Random {
  const number = mulberry32(createHash('sha256').update(seed).digest().readUInt32LE(0))
  const integer = (below: number) => Math.floor(number() * below)
  const pick = <Item>(items: readonly Item[]) => items[integer(items.length)]!
  return {
    seed,
    number,
    integer,
    pick,
    shuffle(items) {
      const rest = [...items]
      return items.map(() => rest.splice(integer(rest.length), 1)[0]!)
    },
    bytes: length => Buffer.from(Array.from({ length }, () => integer(256))),
    text: length => Array.from({ length }, () => pick([...LETTERS])).join(''),
    fork: name => createRandom(`${seed}/${name}`),
  }
}

/** A small generator with a full period of 2^32; nothing here is a secret. */
function mulberry32(start: number): () => number {
  let state = start
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** For what must differ between runs of one seed, such as the e-mails of new accounts. */
export const unseeded = (): Random => createRandom(randomBytes(16).toString('hex'))
