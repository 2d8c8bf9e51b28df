import type { Translated } from '../messages.ts'
import type * as english from './tag-texts.ts'

export const tagTexts: Translated<typeof english.tagTexts> = {
  name: 'Name',
  open: { one: '{count} offene Aufgabe', other: '{count} offene Aufgaben' },
  remove: 'Schlagwort löschen',
  save: 'Speichern',
  cancel: 'Abbrechen',
  fault: 'Ein Schlagwort hat 1 bis 50 Zeichen, keine Leerzeichen, keine Kommas, kein # und kein /.',
  mergeLead: {
    one: 'Das Schlagwort #{to} gibt es schon. Soll die {count} offene Aufgabe von #{from} dorthin?',
    other: 'Das Schlagwort #{to} gibt es schon. Sollen die {count} offenen Aufgaben von #{from} dorthin?',
  },
  merge: 'Mit #{to} zusammenführen',
  renamed: '#{from} heißt jetzt #{to}',
  merged: '#{from} ist mit #{to} zusammengeführt',
  removed: 'Schlagwort #{tag} gelöscht',
}
