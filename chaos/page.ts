// docs/proof.md has parts that different commands measure; each writes its own and leaves the others as they are.
import { readFile, writeFile } from 'node:fs/promises'

export type Part = 'conformance' | 'chaos'

/** The page with this part between its marks. */
export function withPart(page: string, part: Part, text: string): string {
  const [begin, end] = [`<!-- ${part} -->\n`, `\n<!-- /${part} -->`]
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the page has no marks for ${part}`)
  return `${page.slice(0, from + begin.length)}${text.trim()}${page.slice(to)}`
}

export async function writePart(file: string, part: Part, text: string): Promise<void> {
  await writeFile(file, withPart(await readFile(file, 'utf8'), part, text))
}
