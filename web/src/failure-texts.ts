import { count, messages } from './messages.ts'

export const failureTexts = messages('failureTexts', {
  tooManyForSeconds: count({
    one: 'Too many attempts. Try again in {count} second.',
    other: 'Too many attempts. Try again in {count} seconds.',
  }),
  tooManyForMinutes: count({
    one: 'Too many attempts. Try again in {count} minute.',
    other: 'Too many attempts. Try again in {count} minutes.',
  }),
  busyForSeconds: count({
    one: 'The server is busy right now. Try again in {count} second.',
    other: 'The server is busy right now. Try again in {count} seconds.',
  }),
  busyForMinutes: count({
    one: 'The server is busy right now. Try again in {count} minute.',
    other: 'The server is busy right now. Try again in {count} minutes.',
  }),
  notAccepted: 'The server did not accept your sign-in. Sign out and in again.',
  gone: 'It is not there any more.',
  changedElsewhere: 'It was changed somewhere else in the meantime.',
  tooLarge: 'That is more text than the server takes.',
  unexpected: 'Something went wrong on the server. Try again.',
})

/** By the code of the failure. */
export const sayings = messages('sayings', {
  offline: 'You are offline.',
  unreachable: 'The server cannot be reached. Check your connection.',
  timeout: 'The server took too long to answer.',
  limit_reached: 'There is no room for another one. Delete one first.',
  tag_exists: 'Another tag has this name.',
})
