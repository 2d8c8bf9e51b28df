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
  gone: 'This task is not there any more.',
  changedElsewhere: 'It was changed somewhere else in the meantime.',
  tooLarge: 'That is more text than the server takes.',
  unexpected: 'Something went wrong on the server. Try again.',
})

/** By the code of the failure. */
export const sayings = messages('sayings', {
  offline: 'You are offline.',
  unreachable: 'The server cannot be reached. Check your connection.',
  timeout: 'The server took too long to answer.',
  INVALID_EMAIL_OR_PASSWORD: 'Email or password is not right.',
  INVALID_EMAIL: 'Enter an email address like name@example.com.',
  INVALID_PASSWORD: 'The password is not right.',
  USER_ALREADY_EXISTS: 'There is already an account with this email. Sign in instead.',
  USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL: 'There is already an account with this email. Sign in instead.',
  PASSWORD_TOO_SHORT: 'Use at least 12 characters.',
  PASSWORD_TOO_LONG: 'Use at most 128 characters.',
  PASSWORD_TOO_COMMON: 'That password is among the first ones anybody would try. Choose a less common one.',
  PASSWORD_CONTAINS_ACCOUNT: 'Choose a password that is not your email address or the name of this app.',
  SIGN_UP_CLOSED: 'This server takes no new accounts.',
  EMAIL_PASSWORD_SIGN_UP_DISABLED: 'This server takes no new accounts.',
})
