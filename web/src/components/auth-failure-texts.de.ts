import type { Translated } from '../messages.ts'
import type * as english from './auth-failure-texts.ts'

export const authFailures: Translated<typeof english.authFailures> = {
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
