import { messages } from '../messages.ts'

export const themeTexts = messages('themeTexts', {
  label: 'Theme',
  system: 'System',
  light: 'Light',
  dark: 'Dark',
  toDark: 'Dark theme',
  toLight: 'Light theme',
})
