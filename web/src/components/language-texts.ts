import { messages } from '../messages.ts'

export const languageTexts = messages('languageTexts', { label: 'Language', system: 'System' })
