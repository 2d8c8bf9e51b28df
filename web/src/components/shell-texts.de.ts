import type { Translated } from '../messages.ts'
import type * as english from './shell-texts.ts'

export const shellTexts: Translated<typeof english.shellTexts> = {
  skip: 'Zum Inhalt springen',
  offline: 'Offline',
  main: 'Hauptmenü',
  tasks: 'Aufgaben',
  account: 'Konto',
  signOut: 'Abmelden',
  signingOut: 'Wird abgemeldet…',
  signOutFailed: 'Du bist noch angemeldet: Der Server hat die Abmeldung nicht bestätigt.',
  switched: 'Du bist jetzt als {email} angemeldet.',
}
