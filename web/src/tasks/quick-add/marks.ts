/** `p1`, `#tag`, `/list`: what begins with a sign. */
import { type Range, type Word, wordsOf } from './words.ts'

export interface ListChoice {
  /** Null is the Inbox. Undefined is a list to be made. */
  id: string | null | undefined
  name: string
}

export type KnownList = { id: string | null; name: string }

/** As the contract allows it. */
const LONGEST_TAG = 50
const LONGEST_LIST = 100
const length = (text: string) => [...text].length
const sameName = (one: string, other: string) => one.toLowerCase() === other.toLowerCase()

export function readPriority({ plain }: Word): 1 | 2 | 3 | 4 | undefined {
  return /^p[1-4]$/.test(plain) ? (Number(plain[1]) as 1 | 2 | 3 | 4) : undefined
}

/** A number alone is a tag only when there is such a tag: "fix #42" speaks of something else. */
export function readTag(
  source: string,
  word: Word,
  known: readonly string[],
): (Range & { name: string }) | undefined {
  const name = word.plain && /^#([^\s#/,]+)/.exec(source.slice(word.start, word.end))?.[1]
  if (!name || length(name) > LONGEST_TAG) return undefined
  const existing = known.find(tag => sameName(tag, name))
  if (!existing && /^\d+$/.test(name)) return undefined
  return { name: existing ?? name, start: word.start, end: word.start + 1 + name.length }
}

/** An existing list by its longest name, or one word for a new one; any name in double quotes. */
export function readList(
  source: string,
  word: Word,
  known: readonly KnownList[],
): (Range & ListChoice) | undefined {
  if (!word.plain.startsWith('/')) return undefined
  const rest = source.slice(word.start + 1)
  const quoted = /^["“„]([^"“”]+)["“”]/.exec(rest)
  if (quoted) return listNamed(quoted[1]!.trim(), word.start, quoted[0].length + 1, known)
  const [longest] = known.filter(list => startsWithName(rest, list.name)).sort(byLength)
  if (longest) return listNamed(longest.name, word.start, longest.name.length + 1, known)
  const name = source.slice(word.start + 1, word.end)
  return /^[^/\s]+$/.test(name) ? listNamed(name, word.start, name.length + 1, known) : undefined
}

const byLength = (one: KnownList, other: KnownList) => other.name.length - one.name.length

function listNamed(name: string, start: number, taken: number, known: readonly KnownList[]) {
  if (!name || length(name) > LONGEST_LIST) return undefined
  const list = known.find(other => sameName(other.name, name))
  return { id: list?.id, name: list?.name ?? name, start, end: start + taken }
}

function startsWithName(rest: string, name: string): boolean {
  return sameName(rest.slice(0, name.length), name) && /^(?:$|[\s.,;:!?)])/.test(rest.slice(name.length))
}

/** What is being typed after # or / right before the caret, for a list of suggestions. */
export function beingNamed(
  source: string,
  caret: number,
  literal: readonly Range[],
): (Range & { kind: 'tag' | 'list'; typed: string }) | undefined {
  const match = /^(?:.*[\s([{])?([#/])("?)([^"]*)$/su.exec(source.slice(0, caret))
  if (!match) return undefined
  const [, sign, quote, typed = ''] = match
  const start = caret - typed.length - quote!.length - 1
  const isTag = sign === '#'
  // A list's name may have spaces; a tag's has none.
  if (isTag ? quote !== '' || /[\s#/,]/.test(typed) : /[/#]/.test(typed)) return undefined
  const word = wordsOf(source, literal).find(other => other.start <= start && start < other.end)
  if (!word?.plain && !quote) return undefined
  const rest = isTag ? /^[^\s#/,]*/.exec(source.slice(caret))![0] : ''
  return { kind: isTag ? 'tag' : 'list', typed, start, end: caret + rest.length }
}
