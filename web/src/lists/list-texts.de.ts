import type { Translated } from '../messages.ts'
import type * as english from './list-texts.ts'

export const listTexts: Translated<typeof english.listTexts> = {
  create: 'Neue Liste',
  edit: 'Liste bearbeiten',
  name: 'Name',
  nameMissing: 'Eine Liste braucht einen Namen.',
  nameTooLong: {
    one: 'Der Name ist um {count} Zeichen zu lang.',
    other: 'Der Name ist um {count} Zeichen zu lang.',
  },
  color: 'Farbe',
  gray: 'Grau',
  red: 'Rot',
  orange: 'Orange',
  amber: 'Bernstein',
  green: 'Grün',
  teal: 'Türkis',
  blue: 'Blau',
  indigo: 'Indigo',
  purple: 'Lila',
  pink: 'Rosa',
  save: 'Speichern',
  add: 'Liste anlegen',
  cancel: 'Abbrechen',
  created: 'Liste „{name}“ angelegt',
  changed: 'Liste „{name}“ geändert',
  moved: '„{name}“ steht jetzt auf Platz {position} von {total}',
  menu: 'Mehr zu {name}',
  moveUp: 'Nach oben',
  moveDown: 'Nach unten',
  remove: 'Liste löschen',
  removed: 'Liste „{name}“ gelöscht',
  removedTasks: {
    one: '{count} offene Aufgabe liegt im Papierkorb.',
    other: '{count} offene Aufgaben liegen im Papierkorb.',
  },
}
