import type { Translated } from '../messages.ts'
import type * as english from './quick-add-texts.ts'

export const quickAddTexts: Translated<typeof english.quickAddTexts> = {
  add: 'Aufgabe hinzufügen',
  addButton: 'Hinzufügen',
  placeholder: 'Was ist zu tun?',
  details: 'Hinzufügen und Einzelheiten öffnen',
  titleMissing: 'Schreib noch dazu, was zu tun ist.',
  tooLong: {
    one: 'Der Titel ist um {count} Zeichen zu lang.',
    other: 'Der Titel ist um {count} Zeichen zu lang.',
  },
}
