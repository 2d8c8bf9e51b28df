import type { Translated } from '../messages.ts'
import type * as english from './form-texts.ts'

export const formTexts: Translated<typeof english.formTexts> = {
  email: 'E-Mail-Adresse',
  password: 'Passwort',
  show: 'Anzeigen',
  hide: 'Verbergen',
  showField: 'Anzeigen: {field}',
  hideField: 'Verbergen: {field}',
  problems: { one: 'Bitte korrigiere das:', other: 'Bitte korrigiere diese {count} Angaben:' },
}

export const passwordAdvice: Translated<typeof english.passwordAdvice> = {
  0: 'Mindestens 12 Zeichen. Gut sind ein paar Wörter, die nichts miteinander zu tun haben.',
  1: 'Leicht zu erraten. Nimm noch ein, zwei Wörter dazu, die nicht dazu passen.',
  2: 'Ganz gut. Mit einem Wort mehr wäre es besser.',
  3: 'Schwer zu erraten.',
}

export const emailFaults: Translated<typeof english.emailFaults> = {
  missing: 'Gib deine E-Mail-Adresse ein.',
  format: 'Gib eine E-Mail-Adresse wie name@example.com ein.',
}

export const passwordFaults: Translated<typeof english.passwordFaults> = {
  missing: 'Gib dein Passwort ein.',
  short: 'Nimm mindestens 12 Zeichen.',
  long: 'Nimm höchstens 128 Zeichen.',
  account: 'Nimm nicht deine E-Mail-Adresse oder den Namen dieser App als Passwort.',
  common: 'Dieses Passwort würde man mit als Erstes ausprobieren. Nimm ein selteneres.',
}
