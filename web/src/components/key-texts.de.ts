import type { Translated } from '../messages.ts'
import type * as english from './key-texts.ts'

export const keyTexts: Translated<typeof english.keyTexts> = {
  title: 'Tastenkürzel',
  single: 'Kürzel aus einer Taste',
  singleHint: 'Schalte sie aus, wenn Tasten aus Versehen oder durch Spracheingabe gedrückt werden.',
  general: 'Überall',
  go: 'Gehe zu',
  list: 'In einer Liste',
  task: 'Eine Aufgabe oder die ausgewählten',
  or: 'oder',
}
