import type * as english from './failure-texts.ts'
import type { Translated } from './messages.ts'

export const failureTexts: Translated<typeof english.failureTexts> = {
  tooManyForSeconds: {
    one: 'Zu viele Versuche. Versuch es in {count} Sekunde noch einmal.',
    other: 'Zu viele Versuche. Versuch es in {count} Sekunden noch einmal.',
  },
  tooManyForMinutes: {
    one: 'Zu viele Versuche. Versuch es in {count} Minute noch einmal.',
    other: 'Zu viele Versuche. Versuch es in {count} Minuten noch einmal.',
  },
  busyForSeconds: {
    one: 'Der Server ist gerade ausgelastet. Versuch es in {count} Sekunde noch einmal.',
    other: 'Der Server ist gerade ausgelastet. Versuch es in {count} Sekunden noch einmal.',
  },
  busyForMinutes: {
    one: 'Der Server ist gerade ausgelastet. Versuch es in {count} Minute noch einmal.',
    other: 'Der Server ist gerade ausgelastet. Versuch es in {count} Minuten noch einmal.',
  },
  notAccepted: 'Der Server hat deine Anmeldung nicht angenommen. Melde dich ab und wieder an.',
  gone: 'Das gibt es nicht mehr.',
  changedElsewhere: 'Es wurde inzwischen anderswo geändert.',
  tooLarge: 'Das ist mehr Text, als der Server annimmt.',
  unexpected: 'Auf dem Server ist etwas schiefgegangen. Versuch es noch einmal.',
}

export const sayings: Translated<typeof english.sayings> = {
  offline: 'Du bist offline.',
  unreachable: 'Der Server ist nicht erreichbar. Prüf deine Verbindung.',
  timeout: 'Der Server hat zu lange nicht geantwortet.',
  limit_reached: 'Mehr passt hier nicht. Lösche zuerst etwas.',
  tag_exists: 'Ein anderes Schlagwort heißt schon so.',
}
