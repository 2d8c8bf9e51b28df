/** A seeded source of chance: the same seed makes the same choices. */
export interface Random {
  /** From 0 up to, not including, 1. */
  next(): number
  between(from: number, to: number): number
  pick<Item>(items: readonly Item[]): Item
  shuffle<Item>(items: readonly Item[]): Item[]
  chance(probability: number): boolean
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  // mulberry32: 32 bits of state are plenty for choosing what to break next.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const shuffle = <Item>(items: readonly Item[]) => {
    const left = [...items]
    return items.map(() => left.splice(Math.floor(next() * left.length), 1)[0]!)
  }
  return {
    next,
    shuffle,
    between: (from, to) => from + Math.floor(next() * (to - from + 1)),
    pick: items => items[Math.floor(next() * items.length)]!,
    chance: probability => next() < probability,
  }
}
