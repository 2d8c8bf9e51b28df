import type { Translated } from '../messages.ts'
import type * as english from './action-texts.ts'

export const actionTexts: Translated<typeof english.actionTexts> = {
  undo: 'Rückgängig',
  tooLate: 'Das lässt sich nicht mehr rückgängig machen.',
  completed: { one: 'Aufgabe erledigt', other: '{count} Aufgaben erledigt' },
  reopened: { one: 'Aufgabe wieder offen', other: '{count} Aufgaben wieder offen' },
  removed: { one: 'Aufgabe gelöscht', other: '{count} Aufgaben gelöscht' },
  restored: { one: 'Aufgabe wiederhergestellt', other: '{count} Aufgaben wiederhergestellt' },
  added: 'Hinzugefügt zu {place}',
}
