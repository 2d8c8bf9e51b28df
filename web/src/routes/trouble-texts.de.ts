import type { Translated } from '../messages.ts'
import type * as english from './trouble-texts.ts'

export const notFoundTexts: Translated<typeof english.notFoundTexts> = {
  title: 'Hier ist nichts',
  lead: 'Diese Seite gibt es nicht, oder sie ist umgezogen.',
  home: 'Zu deinen Aufgaben',
}

export const unreachableTexts: Translated<typeof english.unreachableTexts> = {
  title: 'Der Server ist nicht erreichbar',
  lead: 'Du bist nicht abgemeldet. Die Seite versucht es von selbst wieder, sobald es geht.',
  busyTitle: 'Der Server ist ausgelastet',
  nextTry: {
    one: 'Nächster Versuch in {count} Sekunde.',
    other: 'Nächster Versuch in {count} Sekunden.',
  },
}

export const crashTexts: Translated<typeof english.crashTexts> = {
  title: 'Da ist etwas kaputtgegangen',
  lead: 'Deine Aufgaben liegen sicher auf dem Server. Lade die Seite neu, dann geht es weiter.',
  reload: 'Neu laden',
}
