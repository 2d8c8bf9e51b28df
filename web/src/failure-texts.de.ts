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
  gone: 'Diese Aufgabe gibt es nicht mehr.',
  changedElsewhere: 'Es wurde inzwischen anderswo geändert.',
  tooLarge: 'Das ist mehr Text, als der Server annimmt.',
  unexpected: 'Auf dem Server ist etwas schiefgegangen. Versuch es noch einmal.',
}

export const sayings: Translated<typeof english.sayings> = {
  offline: 'Du bist offline.',
  unreachable: 'Der Server ist nicht erreichbar. Prüf deine Verbindung.',
  timeout: 'Der Server hat zu lange nicht geantwortet.',
  INVALID_EMAIL_OR_PASSWORD: 'E-Mail-Adresse oder Passwort stimmt nicht.',
  INVALID_EMAIL: 'Gib eine E-Mail-Adresse wie name@example.com ein.',
  INVALID_PASSWORD: 'Das Passwort stimmt nicht.',
  USER_ALREADY_EXISTS: 'Mit dieser E-Mail-Adresse gibt es schon ein Konto. Melde dich damit an.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL:
    'Mit dieser E-Mail-Adresse gibt es schon ein Konto. Melde dich damit an.',
  PASSWORD_TOO_SHORT: 'Nimm mindestens 12 Zeichen.',
  PASSWORD_TOO_LONG: 'Nimm höchstens 128 Zeichen.',
  PASSWORD_TOO_COMMON: 'Dieses Passwort würde man mit als Erstes ausprobieren. Nimm ein selteneres.',
  PASSWORD_CONTAINS_ACCOUNT: 'Nimm nicht deine E-Mail-Adresse oder den Namen dieser App als Passwort.',
  SIGN_UP_CLOSED: 'Auf diesem Server kann man keine neuen Konten anlegen.',
  EMAIL_PASSWORD_SIGN_UP_DISABLED: 'Auf diesem Server kann man keine neuen Konten anlegen.',
}
