/** One typed line, understood: what is to be done, and when, where, how urgently and how often. */
import { addDays } from '../../plain-dates.ts'
import { type DayPhrase, type Now, readDay } from './day-phrases.ts'
import { type KnownList, type ListChoice, readList, readPriority, readTag } from './marks.ts'
import { firstDate, type Recurrence, writeRule } from './recurrence.ts'
import { type RepetitionPhrase, readRepetition } from './repetition-phrases.ts'
import { readTime, type TimePhrase } from './time-phrases.ts'
import { type Range, type Word, wordsOf } from './words.ts'

export interface Surroundings extends Now {
  /** The browser's, as IANA names it */
  zone: string
  lists: readonly KnownList[]
  tags: readonly string[]
}

export type Span = Range & { kind: 'text' | 'due' | 'priority' | 'tag' | 'list' | 'recurrence' }

export interface ParsedLine {
  title: string
  due?: string
  priority?: 1 | 2 | 3 | 4
  tags: string[]
  list?: ListChoice
  recurrence?: Recurrence
  /** One after another over the whole line */
  spans: Span[]
}

type Piece = Range & { next: number; weak?: 'anywhere' | 'not-first' } & (
    | { kind: 'due'; day?: DayPhrase; time?: TimePhrase }
    | { kind: 'recurrence'; phrase: RepetitionPhrase }
    | { kind: 'priority'; priority: 1 | 2 | 3 | 4 }
    | { kind: 'tag'; name: string }
    | { kind: 'list'; list: ListChoice }
  )

const MOST_TAGS = 20
/** Nobody types more in a line; what is pasted by accident need not be read. */
const LONGEST_LINE = 1_000
const LONGEST_PHRASE = 18

/** `literal` are the places that the writer wants to stay words. */
export function parse(source: string, around: Surroundings, literal: readonly Range[] = []): ParsedLine {
  if (source.length > LONGEST_LINE) return assemble(source, [], around)
  const words = wordsOf(source, literal)
  return assemble(source, withoutOverruled(accepted(words, candidates(source, words, around))), around)
}

/** For each word the piece that could begin there. */
function candidates(source: string, words: Word[], around: Surroundings): (Piece | undefined)[] {
  return words.map((word, at) => {
    if (!word.plain) return undefined
    return signed(source, words, at, around) ?? phrased(words, at, around)
  })
}

function signed(source: string, words: Word[], at: number, around: Surroundings): Piece | undefined {
  const word = words[at]!
  const priority = readPriority(word)
  if (priority) return { kind: 'priority', priority, start: word.start, end: word.end, next: at + 1 }
  const tag = readTag(source, word, around.tags)
  if (tag) return { kind: 'tag', ...tag, next: at + 1 }
  const found = readList(source, word, around.lists)
  if (!found) return undefined
  const { start, end, ...list } = found
  const next = words.findIndex(other => other.start >= end)
  const taken = words.slice(at + 1, next < 0 ? words.length : next)
  // Words that are to be left alone are not swallowed by a list's name, unless it is quoted itself.
  if (source[start + 1] !== '"' && taken.some(other => !other.plain)) return undefined
  return { kind: 'list', list, start, end, next: next < 0 ? words.length : next }
}

function phrased(words: Word[], at: number, around: Surroundings): Piece | undefined {
  const phrase = phraseFrom(words, at)
  const place = (count: number) => ({
    start: words[at]!.start,
    end: words[at + count - 1]!.end,
    next: at + count,
  })
  const repetition = readRepetition(phrase)
  if (repetition) {
    return { kind: 'recurrence', phrase: repetition, weak: repetition.weak, ...place(repetition.count) }
  }
  const day = /^(?:until|till|since)$/.test(words[at - 1]?.plain ?? '') ? undefined : readDay(phrase, around)
  if (day) return { kind: 'due', day, weak: day.weak, ...place(day.count) }
  const time = readTime(phrase)
  return time && { kind: 'due', time, weak: time.weak, ...place(time.count) }
}

/** The words from there on, up to one that is to be left alone. */
function phraseFrom(words: Word[], at: number): string {
  const following = words.slice(at, at + LONGEST_PHRASE).map(word => word.plain)
  const end = following.indexOf('')
  return (end < 0 ? following : following.slice(0, end)).join(' ')
}

/** Words after which a sentence goes on, so that what stands before them can be a phrase of its own. */
const goesOn = new Set(
  'about after and at because before but by for from if in into near on or over so than that then to until via when with without'.split(
    ' ',
  ),
)

/** From left to right; a weak piece only where its neighbours do not make it an ordinary word. */
function accepted(words: Word[], found: (Piece | undefined)[]): Piece[] {
  const ends = endsPhrase(words, found)
  const pieces: Piece[] = []
  for (let at = 0; at < words.length; ) {
    const piece = found[at]
    const isAfterPiece = at > 0 && pieces.at(-1)?.next === at
    const isFirst = at === 0 && piece?.weak === 'not-first'
    if (piece && (!piece.weak || ends[piece.next] || isAfterPiece || isFirst)) {
      pieces.push(piece)
      at = piece.next
    } else at++
  }
  return pieces
}

/** For each place between words whether a phrase can end there. */
function endsPhrase(words: Word[], found: (Piece | undefined)[]): boolean[] {
  const ends: boolean[] = []
  ends[words.length] = true
  for (let at = words.length - 1; at >= 0; at--) {
    const piece = found[at]
    const isPiece = piece !== undefined && (!piece.weak || ends[piece.next]!)
    ends[at] = isPiece || goesOn.has(words[at]!.plain) || words[at - 1]?.isClosed === true
  }
  return ends
}

/** Of two days, times, lists, priorities or repetitions the later one counts; the earlier stays words. */
function withoutOverruled(pieces: Piece[]): Piece[] {
  const seen = new Set<string>()
  return pieces
    .toReversed()
    .filter(piece => {
      const names = sortsOf(piece)
      if (names.some(name => seen.has(name))) return false
      for (const name of names) seen.add(name)
      return true
    })
    .toReversed()
}

function sortsOf(piece: Piece): string[] {
  if (piece.kind === 'tag') return [`tag ${piece.name.toLowerCase()}`]
  if (piece.kind !== 'due') return [piece.kind]
  return [...(piece.day ? ['day'] : []), ...(piece.time || piece.day?.time ? ['time'] : [])]
}

function assemble(source: string, found: Piece[], around: Surroundings): ParsedLine {
  const tags = found.filter(piece => piece.kind === 'tag')
  const tooMany = new Set<Piece>(tags.slice(MOST_TAGS))
  const pieces = found.filter(piece => !tooMany.has(piece))
  const priority = pieces.find(piece => piece.kind === 'priority')?.priority
  const list = pieces.find(piece => piece.kind === 'list')?.list
  const phrase = pieces.find(piece => piece.kind === 'recurrence')?.phrase
  const due = dueOf(pieces, phrase, around)
  return {
    title: titleOf(source, pieces),
    ...(due && { due }),
    ...(priority && { priority }),
    tags: tags.slice(0, MOST_TAGS).map(tag => tag.name),
    ...(list && { list }),
    ...(phrase && { recurrence: { rule: writeRule(phrase.repetition), from: phrase.from } }),
    spans: spansOf(source, pieces),
  }
}

function dueOf(pieces: Piece[], phrase: RepetitionPhrase | undefined, around: Surroundings) {
  const dues = pieces.filter(piece => piece.kind === 'due')
  const day = dues.find(piece => piece.day)?.day
  const time = dues.find(piece => piece.time)?.time?.time ?? day?.time ?? phrase?.time
  if (!day && !time && !phrase) return undefined
  const { today, time: now, zone } = around
  // A time that has passed today means the next such time.
  const earliest = day?.date ?? (time && time <= now ? addDays(today, 1) : today)
  const date = phrase ? firstDate(phrase.repetition, earliest) : earliest
  return time ? `${date}T${time}[${zone}]` : date
}

function spansOf(source: string, pieces: Piece[]): Span[] {
  const spans: Span[] = []
  let at = 0
  for (const { kind, start, end } of pieces) {
    if (start > at) spans.push({ kind: 'text', start: at, end: start })
    spans.push({ kind, start, end })
    at = end
  }
  if (at < source.length) spans.push({ kind: 'text', start: at, end: source.length })
  return spans
}

/** The line without what was understood, and without the punctuation that then stands alone. */
function titleOf(source: string, pieces: Piece[]): string {
  if (pieces.length === 0) return source.trim()
  return spansOf(source, pieces)
    .filter(span => span.kind === 'text')
    .map(({ start, end }) => source.slice(start, end).trim())
    .filter(Boolean)
    .reduce(joined, '')
    .replace(/^[,.;:!?\s–—-]+(?=\s|$)/u, '')
    .replace(/(?:^|(?<![,;:\s–—-]))[,;:\s–—-]+$/u, '')
    .trim()
}

function joined(title: string, text: string): string {
  return !title || /^[,.;:!?)\]}]/.test(text) ? title + text : `${title} ${text}`
}
