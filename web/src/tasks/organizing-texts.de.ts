import type { Translated } from '../messages.ts'
import type * as english from './organizing-texts.ts'

export const organizingTexts: Translated<typeof english.organizingTexts> = {
  moved: { one: 'Verschoben nach {list}', other: '{count} Aufgaben verschoben nach {list}' },
  due: { one: 'Fällig: {when}', other: '{count} Aufgaben fällig: {when}' },
  undated: { one: 'Datum entfernt', other: 'Datum von {count} Aufgaben entfernt' },
  prioritized: { one: 'Priorität: {priority}', other: '{count} Aufgaben: Priorität {priority}' },
  tagged: { one: 'Mit #{tag} versehen', other: '{count} Aufgaben mit #{tag} versehen' },
  untagged: { one: '#{tag} entfernt', other: '#{tag} von {count} Aufgaben entfernt' },
  reordered: 'Reihenfolge geändert',
}

export const priorityNames: Translated<typeof english.priorityNames> = {
  1: 'dringend',
  2: 'hoch',
  3: 'mittel',
  4: 'keine',
}
