import type { Translated } from '../../messages.ts'
import type * as english from './date-texts.ts'

export const dateTexts: Translated<typeof english.dateTexts> = {
  title: 'Fälligkeit',
  today: 'Heute',
  tomorrow: 'Morgen',
  weekend: 'Dieses Wochenende',
  nextWeek: 'Nächste Woche',
  none: 'Kein Datum',
  type: 'Datum eintippen (englisch)',
  example: 'z. B. next friday at 9',
  notUnderstood: 'Noch nicht als Datum verstanden.',
  repeated: '{due} – {repetition}',
  previousMonth: 'Voriger Monat',
  nextMonth: 'Nächster Monat',
  time: 'Uhrzeit',
  zone: 'Zeitzone',
  noTime: 'Ohne Uhrzeit',
  repeat: 'Wiederholen',
  never: 'Wiederholt sich nicht',
  fromCompletion: 'Ab Erledigung zählen',
  done: 'Fertig',
}
