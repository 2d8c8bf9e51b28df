import type { Translated } from '../messages.ts'
import type * as english from './wait-texts.ts'

export const waitTexts: Translated<typeof english.waitTexts> = {
  seconds: { one: 'Noch {count} Sekunde warten', other: 'Noch {count} Sekunden warten' },
  minutes: { one: 'Noch {count} Minute warten', other: 'Noch {count} Minuten warten' },
}
