import type { Translated } from '../messages.ts'
import type * as english from './editor-texts.ts'

export const editorTexts: Translated<typeof english.editorTexts> = {
  title: 'Aufgabe bearbeiten',
  name: 'Titel',
  description: 'Beschreibung',
  save: 'Speichern',
  saving: 'Wird gespeichert…',
  nameMissing: 'Eine Aufgabe braucht einen Titel.',
  descriptionTooLong: {
    one: 'Die Beschreibung ist um {count} Zeichen zu lang.',
    other: 'Die Beschreibung ist um {count} Zeichen zu lang.',
  },
  restored: 'Das hattest du vorhin geschrieben.',
  loadFailed: 'Diese Aufgabe konnte nicht geöffnet werden.',
  addedAndChanged: 'Hinzugefügt: {added} · geändert: {changed}',
}
