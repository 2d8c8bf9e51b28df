import type { Translated } from '../messages.ts'
import type * as english from './key-name-texts.ts'

export const keyNameTexts: Translated<typeof english.keyNameTexts> = {
  ctrl: 'Strg',
  shift: 'Umschalt',
  delete: 'Entf',
}
