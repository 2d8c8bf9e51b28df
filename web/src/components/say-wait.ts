import { waitTexts } from './wait-texts.ts'

/** How long it is before something can be tried again, as a button says it. */
export const sayWait = (seconds: number) =>
  seconds < 90 ? waitTexts.seconds(seconds) : waitTexts.minutes(Math.ceil(seconds / 60))
