import type { Translated } from '../messages.ts'
import type * as english from './key-texts.ts'

export const keyTexts: Translated<typeof english.keyTexts> = {
  title: 'Tastenkürzel',
  single: 'Kürzel aus einer Taste',
  singleHint: 'Schalte sie aus, wenn Tasten aus Versehen oder durch Spracheingabe gedrückt werden.',
  add: 'Aufgabe hinzufügen',
  next: 'Nächste Aufgabe',
  previous: 'Vorherige Aufgabe',
  toggle: 'Abhaken oder wieder öffnen',
  edit: 'Bearbeiten',
  remove: 'Löschen',
  undo: 'Letztes Löschen zurücknehmen',
  help: 'Diese Liste',
  or: 'oder',
}
