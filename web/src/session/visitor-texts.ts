import { messages } from '../messages.ts'
import type { Departure } from './session.ts'

export const signInTexts = messages('signInTexts', {
  title: 'Welcome back',
  lead: 'Sign in to pick up where you left off.',
  submit: 'Sign in',
  busy: 'Signing in…',
  newHere: 'New here?',
  create: 'Create an account',
  closed: 'This server takes no new accounts.',
})

export const signUpTexts = messages('signUpTexts', {
  title: 'Make it yours',
  lead: 'One account, one calm list, on a server you trust.',
  submit: 'Create account',
  busy: 'Creating your account…',
  haveOne: 'Already have an account?',
  signIn: 'Sign in',
  closedTitle: 'No new accounts here',
  closedLead:
    'The person who runs this server has closed registration. Ask them for an account, or sign in if you have one.',
})

export const departures = messages('departures', {
  none: '',
  left: 'You are signed out.',
  'left-elsewhere': 'You signed out in another tab.',
  deleted: 'Your account and all its tasks are deleted.',
} satisfies Record<Departure, string>)
