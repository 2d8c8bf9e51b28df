import type { Translated } from '../messages.ts'
import type * as english from './conflict-texts.ts'

export const conflictTexts: Translated<typeof english.conflictTexts> = {
  title: 'Zwei Fassungen einer Aufgabe',
  lead: '„{title}“ wurde auch woanders geändert. Wähle, was bleiben soll; bis dahin geht nichts verloren.',
  mine: 'Deine',
  theirs: 'Die andere Fassung',
  both: 'Beide',
  empty: 'Leer',
  notInBoth: 'Alles andere ist in beiden gleich.',
  keep: 'So speichern',
  allMine: 'Alles von mir',
  allTheirs: 'Alles von der anderen',
  later: 'Später entscheiden',
  kept: 'Beide Fassungen sind geklärt',
}
