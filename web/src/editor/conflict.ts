/**
 * One task, changed here and somewhere else since both last agreed. Nothing is decided silently: each field that
 * differs has a choice, with the one preselected that loses nothing.
 */
import { type Content, changeBetween, changedFields, FIELDS, type Field, isSame } from './content.ts'

export type Choice = 'mine' | 'theirs' | 'both'
export type Choices = Partial<Record<Field, Choice>>

export type Versions = {
  /** What this device began from. */
  base: Content
  /** What was to be saved here. */
  mine: Content
  /** What the server has now. */
  theirs: Content
}

export type Difference = { field: Field; choices: readonly Choice[]; preselected: Choice }

export function findDifferences(versions: Versions): Difference[] {
  const { mine, theirs } = versions
  return FIELDS.filter(field => !isSame(field, mine, theirs)).map(field => ({
    field,
    choices: canKeepBoth(field, versions) ? ['mine', 'theirs', 'both'] : ['mine', 'theirs'],
    preselected: preselect(field, versions),
  }))
}

/** Whether both sides changed the same field: only then somebody has to choose. */
export function isContested({ base, mine, theirs }: Versions): boolean {
  const elsewhere = new Set(changedFields(base, theirs))
  return changedFields(base, mine).some(field => elsewhere.has(field) && !isSame(field, mine, theirs))
}

/** The whole result of the choices; a field without one is as the preselection says. */
export function resolve(versions: Versions, choices: Choices): Content {
  const chosen = findDifferences(versions).map(({ field, preselected }) => [
    field,
    chosenValue(field, choices[field] ?? preselected, versions),
  ])
  return keepDueWithRecurrence({ ...versions.theirs, ...Object.fromEntries(chosen) })
}

/** What is to be sent on top of the newer revision. */
export const resolvedChange = (versions: Versions, choices: Choices) =>
  changeBetween(versions.theirs, resolve(versions, choices))

export function chosenValue(field: Field, choice: Choice, { base, mine, theirs }: Versions): Content[Field] {
  if (choice !== 'both') return (choice === 'mine' ? mine : theirs)[field]
  if (field === 'tags') return mergeTags(base.tags, mine.tags, theirs.tags)
  return [theirs.description, mine.description].filter(Boolean).join('\n\n')
}

/** Where only one side changed something, that change is kept; what both wrote is kept twice where it can be. */
function preselect(field: Field, versions: Versions): Choice {
  const { base, mine, theirs } = versions
  if (isSame(field, base, mine)) return 'theirs'
  if (isSame(field, base, theirs)) return 'mine'
  return canKeepBoth(field, versions) ? 'both' : 'mine'
}

function canKeepBoth(field: Field, { base, mine, theirs }: Versions): boolean {
  const bothChanged = !isSame(field, base, mine) && !isSame(field, base, theirs)
  if (field === 'tags') return bothChanged
  return field === 'description' && bothChanged && Boolean(mine.description && theirs.description)
}

/** Added by either is added, removed by either is removed. */
function mergeTags(base: string[], mine: string[], theirs: string[]): string[] {
  const has = (tags: string[], tag: string) => tags.some(other => other.toLowerCase() === tag.toLowerCase())
  const added = mine.filter(tag => !has(base, tag) && !has(theirs, tag))
  const kept = theirs.filter(tag => has(mine, tag) || !has(base, tag))
  return [...kept, ...added]
}

/** A repetition needs a date to count from: without one it is no longer meant. */
function keepDueWithRecurrence(content: Content): Content {
  return content.due === null ? { ...content, recurrence: null } : content
}
