// Every requirement has a test that says its number, and that test has passed: otherwise the run fails.
import { readFileSync } from 'node:fs'

const inTitle = /\b(?:US\d+\.\d+|FR-\d{3}|SC-\d{3}|EC-\d+)\b/g

/** The numbers in the first column of the tables of a document. */
export function listRequirements(path: string): string[] {
  const firstCells = readFileSync(path, 'utf8').matchAll(/^\|\s*`?([A-Z]+-?[\d.]+)`?\s*\|/gm)
  return Array.from(firstCells, ([, number]) => number!)
}

export function requirementsIn(title: string): string[] {
  return title.match(inTitle) ?? []
}
