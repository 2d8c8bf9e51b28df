import { messages } from '../messages.ts'

export const signInAgainTexts = messages('signInAgainTexts', {
  title: 'Your session has ended',
  lead: 'Sign in again to go on where you were. Nothing you typed is lost.',
  submit: 'Sign in',
  busy: 'Signing in…',
  leave: 'Not you? Sign out',
  leaving: 'Signing out…',
})
