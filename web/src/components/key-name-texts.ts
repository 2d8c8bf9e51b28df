import { messages } from '../messages.ts'

/** What is printed on the keys. */
export const keyNameTexts = messages('keyNameTexts', { ctrl: 'Ctrl', shift: 'Shift', delete: 'Del' })
