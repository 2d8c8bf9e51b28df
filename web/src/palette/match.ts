/**
 * Where the letters of a query stand in a text, in order, and how well: beginnings of words and letters side by side
 * count most, scattered ones not at all. Accents and case are the same letter. Blanks only part the query.
 */
export type Match = { score: number; at: number[] }

const AT_START = 8
const BESIDE = 9
/** On average, below which a hit is an accident. */
const ENOUGH = 5.5

export const foldLetters = (text: string) =>
  [...text].map(letter => letter.normalize('NFD')[0]!.toLowerCase())

export function match(query: string, text: string): Match | null {
  const wanted = foldLetters(query).filter(letter => letter.trim())
  const letters = foldLetters(text)
  if (wanted.length === 0) return { score: 0, at: [] }
  if (!hasInOrder(wanted, letters)) return null
  const found = align(wanted, letters)
  return found.score >= ENOUGH * wanted.length
    ? { ...found, score: found.score - letters.length / 100 }
    : null
}

function hasInOrder(wanted: string[], letters: string[]): boolean {
  let next = 0
  for (const letter of letters) if (letter === wanted[next]) next++
  return next === wanted.length
}

/** `best[i][j]`: the best score of the first i + 1 letters with the last of them at j. */
function align(wanted: string[], letters: string[]): Match {
  const best: number[][] = []
  const from: number[][] = []
  for (const [i, letter] of wanted.entries()) {
    best.push([])
    from.push([])
    let ahead = i === 0 ? 0 : Number.NEGATIVE_INFINITY
    let aheadAt = -1
    for (const [j, other] of letters.entries()) {
      const beside = i > 0 && j > 0 ? best[i - 1]![j - 1]! + BESIDE : Number.NEGATIVE_INFINITY
      const worth = 1 + (isStart(letters, j) ? AT_START : 0)
      best[i]!.push(letter === other ? worth + Math.max(beside, ahead) : Number.NEGATIVE_INFINITY)
      from[i]!.push(beside > ahead ? j - 1 : aheadAt)
      if (i > 0 && best[i - 1]![j]! > ahead) {
        ahead = best[i - 1]![j]!
        aheadAt = j
      }
    }
  }
  const score = Math.max(...best.at(-1)!)
  const at = [best.at(-1)!.indexOf(score)]
  for (let i = wanted.length - 1; i > 0; i--) at.unshift(from[i]![at[0]!]!)
  return { score, at }
}

const isStart = (letters: string[], at: number) => at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1]!)
