/** Names of tags: what one may be, which one is meant, and which ones to suggest. */

export const LONGEST_TAG = 50
export const MOST_TAGS = 20

/** What was typed, split where the contract allows no tag to go on, and cut to what one may be. */
export function readTags(text: string): string[] {
  return text
    .split(/[\s#/,]+/u)
    .map(word => [...word].slice(0, LONGEST_TAG).join(''))
    .filter(Boolean)
}

const keyOf = (name: string) => name.toLowerCase()
export const isSameTag = (a: string, b: string) => keyOf(a) === keyOf(b)
export const hasTag = (tags: readonly string[], name: string) => tags.some(tag => isSameTag(tag, name))

/** A tag that exists keeps the way it is written. */
export function addTags(
  tags: readonly string[],
  added: readonly string[],
  known: readonly string[],
): string[] {
  const all = [...tags]
  for (const name of added) {
    if (all.length < MOST_TAGS && !hasTag(all, name))
      all.push(known.find(tag => isSameTag(tag, name)) ?? name)
  }
  return all
}

/** Those that begin with what is typed, then those that contain it; none that is there already. */
export function suggestTags(
  known: readonly string[],
  chosen: readonly string[],
  text: string,
  most = 6,
): string[] {
  const wanted = keyOf(text.trim().replace(/^#/, ''))
  const open = known.filter(name => !hasTag(chosen, name))
  const first = open.filter(name => keyOf(name).startsWith(wanted))
  const rest = open.filter(name => !keyOf(name).startsWith(wanted) && keyOf(name).includes(wanted))
  return [...first, ...rest].slice(0, most)
}
