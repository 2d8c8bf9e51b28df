// Whether two kinds of answers can be told apart by their time.

export interface Separation {
  /** How often one of the first is slower than one of the second: 0.5 when they cannot be told apart. */
  auc: number
  /** The 95 % interval of `auc`: one in forty that is apart by just the bound is taken for the same. */
  low: number
  high: number
  pairs: number
  verdict: 'same' | 'apart' | 'unclear'
}

export interface Statistics {
  /** Measures pairs, interleaved in changing order; repeats when noise leaves it open. */
  compare(
    measure: { first: () => Promise<number>; second: () => Promise<number> },
    options?: { pairs?: number; repeats?: number; bound?: [number, number] },
  ): Promise<Separation>
}

/** What cannot be told apart, for a whole AUC. */
const SAME: [number, number] = [0.45, 0.55]

export function createStatistics(random: { number(): number }): Statistics {
  return {
    async compare({ first, second }, { pairs = 200, repeats = 3, bound = SAME } = {}) {
      const left: number[] = []
      const right: number[] = []
      for (let round = 0; ; round += 1) {
        await measurePairs()
        const separation = judge(left, right, bound)
        if (separation.verdict !== 'unclear' || round === repeats) return separation
      }

      async function measurePairs(): Promise<void> {
        for (let pair = 0; pair < pairs; pair += 1) {
          if (random.number() < 0.5) {
            left.push(await first())
            right.push(await second())
          } else {
            right.push(await second())
            left.push(await first())
          }
        }
      }
    },
  }
}

export function judge(left: number[], right: number[], [lowest, highest]: [number, number]): Separation {
  const auc = areaUnderCurve(left, right)
  const margin = 1.96 * standardError(auc, left.length, right.length)
  const low = auc - margin
  const high = auc + margin
  const isApart = low > highest || high < lowest
  const isSame = low >= lowest && high <= highest
  return { auc, low, high, pairs: left.length, verdict: isApart ? 'apart' : isSame ? 'same' : 'unclear' }
}

/** Mann-Whitney's U as a share. */
export function areaUnderCurve(left: number[], right: number[]): number {
  const all = [
    ...left.map(value => ({ value, isLeft: true })),
    ...right.map(value => ({ value, isLeft: false })),
  ]
  all.sort((one, other) => one.value - other.value)
  let ranks = 0
  for (let start = 0; start < all.length; ) {
    let end = start
    while (end < all.length && all[end]!.value === all[start]!.value) end += 1
    const rank = (start + 1 + end) / 2
    for (let index = start; index < end; index += 1) if (all[index]!.isLeft) ranks += rank
    start = end
  }
  return (ranks - (left.length * (left.length + 1)) / 2) / (left.length * right.length)
}

/** Hanley and McNeil, 1982. */
function standardError(auc: number, left: number, right: number): number {
  const q1 = auc / (2 - auc)
  const q2 = (2 * auc * auc) / (1 + auc)
  const variance = auc * (1 - auc) + (left - 1) * (q1 - auc * auc) + (right - 1) * (q2 - auc * auc)
  return Math.sqrt(Math.max(variance, 0) / (left * right))
}
