import { count, messages } from '../messages.ts'

export const waitTexts = messages('waitTexts', {
  seconds: count({ one: 'Try again in {count} second', other: 'Try again in {count} seconds' }),
  minutes: count({ one: 'Try again in {count} minute', other: 'Try again in {count} minutes' }),
})
