import type { LucideIcon } from 'lucide-react'
import { type Match, match } from './match.ts'

/** One line of the palette. */
export type Item = {
  id: string
  group: 'recent' | 'chosen' | 'go' | 'do' | 'task' | 'everything'
  label: string
  /** Other words it is found by. */
  words?: string
  keys?: string
  Icon?: LucideIcon
  /** The dot of a list. */
  color?: string
  /** The server says that it fits, in words that are not shown. */
  isHit?: boolean
  /** Only when it is asked for. */
  onlyFound?: boolean
  run(): void
}

export type Found = Item & { at: readonly number[] }

const MOST = 8

/** What fits, best first within its group; recent ones lead while nothing is asked. */
export function findItems(query: string, items: readonly Item[], recent: readonly string[]): Found[] {
  if (query.trim() === '') return withRecent(items, recent)
  const found = items.flatMap(item => {
    const hit = matchItem(query, item)
    return hit ? [{ ...item, at: hit.at, score: hit.score + (recent.includes(item.id) ? 2 : 0) }] : []
  })
  const groups = [...new Set(found.map(({ group }) => group))]
  const bestOf = (group: Item['group']) =>
    Math.max(...found.filter(item => item.group === group).map(({ score }) => score))
  const order = new Map(groups.sort((a, b) => bestOf(b) - bestOf(a)).map((group, at) => [group, at]))
  return found
    .toSorted((a, b) => order.get(a.group)! - order.get(b.group)! || b.score - a.score)
    .filter((item, at, all) => all.slice(0, at).filter(({ group }) => group === item.group).length < MOST)
}

function matchItem(query: string, { label, words, isHit }: Item): Match | null {
  const hit = match(query, label)
  if (!hit && isHit) return { score: 0, at: [] }
  if (hit || !words) return hit
  const other = match(query, words)
  return other && { score: other.score - 4, at: [] }
}

function withRecent(items: readonly Item[], recent: readonly string[]): Found[] {
  const shown = items.filter(item => !item.onlyFound || recent.includes(item.id))
  const isRecent = (item: Item) => recent.includes(item.id) && item.group !== 'chosen'
  const first = shown
    .filter(isRecent)
    .toSorted((a, b) => recent.indexOf(a.id) - recent.indexOf(b.id))
    .map(item => ({ ...item, group: 'recent' as const }))
  const chosen = shown.filter(item => item.group === 'chosen')
  const rest = shown.filter(item => item.group !== 'chosen' && !isRecent(item))
  return [...chosen, ...first, ...rest].map(item => ({ ...item, at: [] }))
}
