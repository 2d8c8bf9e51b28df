import type { Translated } from '../../messages.ts'
import type * as english from './understanding-texts.ts'

export const understandingTexts: Translated<typeof english.understandingTexts> = {
  understood: 'Verstanden',
  hint: 'Angaben auf Englisch: „Miete zahlen every month on the 1st at 9am p1 #zuhause“',
  priority: 'Priorität {priority}',
  inbox: 'Eingang',
  newList: 'Neue Liste: {name}',
  from: '{repetition}, ab {day}',
  asWords: '{what}: als Wörter stehen lassen',
  notHere: '{what}: nicht für diese Aufgabe',
  tags: 'Schlagwörter',
  lists: 'Listen',
}

export const pasteTexts: Translated<typeof english.pasteTexts> = {
  title: 'Mehrere Aufgaben hinzufügen',
  lines: 'Eine Aufgabe je Zeile',
  preview: 'Was hinzugefügt wird',
  add: { one: '{count} Aufgabe hinzufügen', other: '{count} Aufgaben hinzufügen' },
  added: { one: 'Aufgabe hinzugefügt', other: '{count} Aufgaben hinzugefügt' },
  adding: 'Wird hinzugefügt…',
  tooLong: {
    one: 'Zeile {line} ist um {count} Zeichen zu lang: {title}',
    other: 'Zeile {line} ist um {count} Zeichen zu lang: {title}',
  },
  tooMany: {
    one: 'Höchstens 500 Aufgaben auf einmal: Nimm {count} Zeile heraus.',
    other: 'Höchstens 500 Aufgaben auf einmal: Nimm {count} Zeilen heraus.',
  },
  nothing: 'Schreib mindestens eine Zeile.',
}
