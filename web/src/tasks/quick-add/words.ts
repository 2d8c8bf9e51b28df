/** A line as the grammar sees it: words without the punctuation around them, and where they lie in the source. */

export type Range = { start: number; end: number }

export type Word = Range & {
  /** Lower case, without punctuation around it; empty for words that are to be left alone. */
  plain: string
  /** Punctuation follows at once, so that a phrase can end here. */
  isClosed: boolean
}

/** A dot or an exclamation mark that belongs to the word: "24.11.", "9 a.m.", "every! 3 days". */
const WITH_ITS_END = /^(?:\d{1,2}\.\d{1,2}\.(?!\d)|\d{0,2}(?::\d\d)?[ap]\.m\.|every!)/i
const AROUND = /^[([{]*(.*?)[)\]}.,;:!?…]*$/su
const QUOTED = /(?<=^|[\s([{])(?:"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»)(?=$|[\s)\]}.,;:!?…])/gu

/** `literal` names what stays words because the writer said so; quoted text stays words too. */
export function wordsOf(source: string, literal: readonly Range[]): Word[] {
  const alone = [...literal, ...quotedIn(source)]
  return [...source.matchAll(/\S+/g)].map(match => {
    const word = coreOf(match[0], match.index)
    const isAlone = alone.some(range => range.start < word.end && word.start < range.end)
    const plain = isAlone ? '' : source.slice(word.start, word.end).toLowerCase()
    return { ...word, plain, isClosed: word.end < match.index + match[0].length }
  })
}

export function quotedIn(source: string): Range[] {
  return [...source.matchAll(QUOTED)].map(({ 0: text, index }) => ({
    start: index,
    end: index + text.length,
  }))
}

function coreOf(text: string, at: number): Range {
  const leading = text.length - text.replace(/^[([{]+/, '').length
  const whole = WITH_ITS_END.exec(text.slice(leading))?.[0] ?? AROUND.exec(text)?.[1] ?? ''
  // Punctuation alone is a word of its own.
  if (!whole) return { start: at, end: at + text.length }
  return { start: at + leading, end: at + leading + whole.length }
}
