/** Many pasted lines: one task each, without bullets, numbers and boxes before them. */

export interface PastedLine {
  /** As counted in what was pasted, from 1 */
  number: number
  text: string
  completed: boolean
}

const MARKER = /^(?:[-*+•‣◦▪–—·]|\(?\d{1,3}[.)])(?:\s+|$)/u
const BOX = /^(?:\[([ xX✓✔]?)\]|([☐☑☒✅✓✔]))(?:\s+|$)/u

export function linesOf(text: string): PastedLine[] {
  return text
    .split(/\r\n|[\n\r\u2028\u2029]/u)
    .map((line, index) => ({ number: index + 1, ...unmarked(line.trim()) }))
    .filter(line => line.text !== '')
}

function unmarked(line: string): Omit<PastedLine, 'number'> {
  const text = line.replace(MARKER, '')
  const box = BOX.exec(text)
  const sign = box && (box[1] ?? box[2]!).trim()
  return {
    text: (box ? text.slice(box[0].length) : text).replace(/\s+/gu, ' ').trim(),
    completed: Boolean(sign) && sign !== '☐',
  }
}
