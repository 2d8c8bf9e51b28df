import type { Translated } from '../messages.ts'
import type * as english from './visitor-texts.ts'

export const signInTexts: Translated<typeof english.signInTexts> = {
  title: 'Willkommen zurück',
  lead: 'Melde dich an und mach da weiter, wo du aufgehört hast.',
  submit: 'Anmelden',
  busy: 'Wird angemeldet…',
  newHere: 'Neu hier?',
  create: 'Konto anlegen',
  closed: 'Auf diesem Server kann man keine neuen Konten anlegen.',
}

export const signUpTexts: Translated<typeof english.signUpTexts> = {
  title: 'Mach es zu deinem',
  lead: 'Ein Konto, eine ruhige Liste, auf einem Server, dem du vertraust.',
  submit: 'Konto anlegen',
  busy: 'Konto wird angelegt…',
  haveOne: 'Du hast schon ein Konto?',
  signIn: 'Anmelden',
  closedTitle: 'Hier gibt es keine neuen Konten',
  closedLead:
    'Wer diesen Server betreibt, hat die Registrierung geschlossen. Frag dort nach einem Konto, oder melde dich an, wenn du schon eins hast.',
}

export const departures: Translated<typeof english.departures> = {
  none: '',
  left: 'Du bist abgemeldet.',
  'left-elsewhere': 'Du hast dich in einem anderen Tab abgemeldet.',
  deleted: 'Dein Konto und alle Aufgaben darin sind gelöscht.',
}
