import type { Translated } from '../messages.ts'
import type * as english from './language-texts.ts'

export const languageTexts: Translated<typeof english.languageTexts> = { label: 'Sprache', system: 'System' }
