import type { Translated } from '../messages.ts'
import type * as english from './action-texts.ts'

export const actionTexts: Translated<typeof english.actionTexts> = {
  undo: 'Rückgängig',
  tooLate: 'Das lässt sich nicht mehr rückgängig machen.',
  completed: { one: 'Aufgabe erledigt', other: '{count} Aufgaben erledigt' },
  reopened: { one: 'Aufgabe wieder offen', other: '{count} Aufgaben wieder offen' },
  removed: { one: 'Aufgabe gelöscht', other: '{count} Aufgaben gelöscht' },
  restored: { one: 'Aufgabe wiederhergestellt', other: '{count} Aufgaben wiederhergestellt' },
  moved: { one: 'Verschoben nach {list}', other: '{count} Aufgaben verschoben nach {list}' },
  due: { one: 'Fällig: {when}', other: '{count} Aufgaben fällig: {when}' },
  undated: { one: 'Datum entfernt', other: 'Datum von {count} Aufgaben entfernt' },
  prioritized: { one: 'Priorität: {priority}', other: '{count} Aufgaben: Priorität {priority}' },
  tagged: { one: 'Mit #{tag} versehen', other: '{count} Aufgaben mit #{tag} versehen' },
  untagged: { one: '#{tag} entfernt', other: '#{tag} von {count} Aufgaben entfernt' },
  reordered: 'Reihenfolge geändert',
  added: 'Hinzugefügt zu {place}',
}

export const priorityNames: Translated<typeof english.priorityNames> = {
  1: 'dringend',
  2: 'hoch',
  3: 'mittel',
  4: 'keine',
}
