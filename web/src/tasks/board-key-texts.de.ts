import type { Translated } from '../messages.ts'
import type * as english from './board-key-texts.ts'

export const boardKeyTexts: Translated<typeof english.boardKeyTexts> = {
  add: 'Aufgabe hinzufügen',
  next: 'Nächste Aufgabe',
  previous: 'Vorherige Aufgabe',
  toggle: 'Abhaken oder wieder öffnen',
  edit: 'Titel bearbeiten',
  open: 'Aufgabe öffnen',
  remove: 'Löschen',
  selectNext: 'Abwärts auswählen',
  selectPrevious: 'Aufwärts auswählen',
  unselect: 'Auswahl aufheben',
  priority: 'Priorität {priority}',
  reschedule: 'Anderes Datum',
  move: 'In eine Liste verschieben',
  moveUp: 'Nach oben',
  moveDown: 'Nach unten',
  menu: 'Mehr zur Aufgabe',
}
