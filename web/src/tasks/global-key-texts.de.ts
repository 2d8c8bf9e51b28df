import type { Translated } from '../messages.ts'
import type * as english from './global-key-texts.ts'

export const globalKeyTexts: Translated<typeof english.globalKeyTexts> = {
  add: 'Aufgabe hinzufügen',
  palette: 'Befehle und Suche öffnen',
  search: 'Alle Aufgaben durchsuchen',
  undo: 'Rückgängig',
  help: 'Tastenkürzel',
  account: 'Konto',
}
