import type { Translated } from '../messages.ts'
import type * as english from './sign-in-again-texts.ts'

export const signInAgainTexts: Translated<typeof english.signInAgainTexts> = {
  title: 'Deine Sitzung ist zu Ende',
  lead: 'Melde dich wieder an und mach weiter, wo du warst. Was du geschrieben hast, ist noch da.',
  submit: 'Anmelden',
  busy: 'Wird angemeldet…',
  leave: 'Nicht du? Abmelden',
  leaving: 'Wird abgemeldet…',
}
