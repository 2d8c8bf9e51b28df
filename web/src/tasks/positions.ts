/** Keys of manual order, by `fractional-indexing`, whose code comes after idle, like all that changes tasks in bulk. */
let library: typeof import('fractional-indexing') | null = null

export async function loadPositions(): Promise<void> {
  library ??= await import('fractional-indexing')
}

/** Null when the code is not there yet. */
export function positionsBetween(
  before: string | null,
  after: string | null,
  count: number,
): string[] | null {
  return library?.generateNKeysBetween(before, after, count) ?? null
}
