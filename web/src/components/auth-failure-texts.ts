import { messages } from '../messages.ts'

/** What the issuer refuses in a form, by its code. */
export const authFailures = messages('authFailures', {
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
