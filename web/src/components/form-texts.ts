import { count, messages, params } from '../messages.ts'
import type { EmailFault, PasswordAdvice, PasswordFault } from '../session/password.ts'

export const formTexts = messages('formTexts', {
  email: 'Email',
  password: 'Password',
  show: 'Show',
  hide: 'Hide',
  showField: params('Show {field}'),
  hideField: params('Hide {field}'),
  problems: count({ one: 'Please correct this:', other: 'Please correct these {count} things:' }),
})

export const passwordAdvice = messages('passwordAdvice', {
  0: 'At least 12 characters. A few unrelated words work well.',
  1: 'Easy to guess. Add an unrelated word or two.',
  2: 'Fair. One more word would make it better.',
  3: 'Hard to guess.',
} satisfies Record<PasswordAdvice, string>)

export const emailFaults = messages('emailFaults', {
  missing: 'Enter your email address.',
  format: 'Enter an email address like name@example.com.',
} satisfies Record<EmailFault, string>)

export const passwordFaults = messages('passwordFaults', {
  missing: 'Enter your password.',
  short: 'Use at least 12 characters.',
  long: 'Use at most 128 characters.',
  account: 'Choose a password that is not your email address or the name of this app.',
  common: 'That password is among the first ones anybody would try. Choose a less common one.',
} satisfies Record<PasswordFault, string>)
