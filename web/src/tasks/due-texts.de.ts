import type { Translated } from '../messages.ts'
import type * as english from './due-texts.ts'

export const dueTexts: Translated<typeof english.dueTexts> = {
  today: 'Heute',
  tomorrow: 'Morgen',
  yesterday: 'Gestern',
  atTime: '{day} um {time}',
  atTimeIn: '{day} um {time} ({zone})',
}
