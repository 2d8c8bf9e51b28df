// How much chance there is in values that ought to be random.

/** An estimate: at each place, the symbols that were seen there, as far as so many values can show them. */
export function bitsOf(values: string[]): number {
  const length = Math.min(...values.map(value => value.length))
  let bits = 0
  for (let at = 0; at < length; at += 1) {
    const seen = new Set(values.map(value => value[at]))
    // Of an alphabet, n values show only a part: from there on it is taken for its whole class.
    bits += seen.size < Math.min(values.length / 2, 8) ? Math.log2(seen.size) : classBits([...seen].join(''))
  }
  return bits
}

function classBits(seen: string): number {
  if (/^\d+$/.test(seen)) return Math.log2(10)
  if (/^[\da-f]+$/i.test(seen)) return 4
  return /^[\da-z]+$/.test(seen) ? Math.log2(36) : 6
}

/** Each greater than the one before: a counter, or a clock. */
export function isOrdered(values: string[]): boolean {
  return values.length > 5 && values.every((value, at) => at === 0 || value > values[at - 1]!)
}
