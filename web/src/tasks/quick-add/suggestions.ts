/** Tags and lists that fit what is being typed after # or /. */

import type { Line } from './line.ts'
import { beingNamed } from './marks.ts'
import type { Known } from './use-quick-add.ts'
import type { Range } from './words.ts'

export interface Suggestions {
  kind: 'tag' | 'list'
  names: string[]
  /** What a choice takes the place of */
  place: Range
  /** Something has been typed, so that Enter means the first of them. */
  isNarrowed: boolean
}

const AT_MOST = 6

/** Undefined when nothing is being named, nothing fits, or it is written out already. */
export function suggestionsFor(line: Line, caret: number, known: Known): Suggestions | undefined {
  const naming = beingNamed(line.text, caret, line.literal)
  if (!naming) return undefined
  const { kind, typed, start, end } = naming
  const wanted = typed.toLowerCase()
  const names = kind === 'tag' ? known.tags : known.lists.map(list => list.name)
  const isBeginning = (name: string) => name.toLowerCase().startsWith(wanted)
  const fitting = [
    ...names.filter(isBeginning),
    ...names.filter(name => !isBeginning(name) && name.toLowerCase().includes(wanted)),
  ]
  if (fitting.length === 0 || fitting[0]!.toLowerCase() === wanted) return undefined
  return { kind, names: fitting.slice(0, AT_MOST), place: { start, end }, isNarrowed: wanted !== '' }
}

/** The text with the name in its place, and where the caret then stands. */
export function withName(text: string, { kind, place }: Suggestions, name: string) {
  const rest = text.slice(place.end).replace(/^ /, '')
  const before = `${text.slice(0, place.start)}${kind === 'tag' ? '#' : '/'}${name} `
  return { text: before + rest, caret: before.length }
}
