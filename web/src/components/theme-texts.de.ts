import type { Translated } from '../messages.ts'
import type * as english from './theme-texts.ts'

export const themeTexts: Translated<typeof english.themeTexts> = {
  label: 'Farbschema',
  system: 'System',
  light: 'Hell',
  dark: 'Dunkel',
  toDark: 'Dunkles Farbschema',
  toLight: 'Helles Farbschema',
}
