import type { Kit } from '../check.ts'
import type { Answer } from '../client.ts'

/** What tells two answers apart, beside what the profile says is different every time; null when nothing does. */
export function differenceBetween(kit: Kit, one: Answer, other: Answer): string | null {
  const { varying, varyingMembers } = kit.profile.errors
  const isFixed = (name: string) => !varying.some(known => known.toLowerCase() === name.toLowerCase())
  const shape = (answer: Answer) =>
    answer.headers.filter(([name]) => isFixed(name)).map(([name, value]) => `${name}: ${value}`)
  const body = (answer: Answer) =>
    answer.json === undefined || answer.json === null
      ? answer.text
      : JSON.stringify(answer.json, (key, value) => (varyingMembers.includes(key) ? undefined : value))
  if (one.status !== other.status) return `${one.status} and ${other.status}`
  const [mine, theirs] = [shape(one), shape(other)]
  const header = mine.find(line => !theirs.includes(line)) ?? theirs.find(line => !mine.includes(line))
  if (header) return `the header ${header}`
  return body(one) === body(other) ? null : 'the body'
}
