import { messages, params } from '../messages.ts'

export const shellTexts = messages('shellTexts', {
  skip: 'Skip to content',
  offline: 'Offline',
  main: 'Main',
  tasks: 'Tasks',
  account: 'Account',
  signOut: 'Sign out',
  signingOut: 'Signing out…',
  signOutFailed: 'You are still signed in: the server did not confirm the sign-out.',
  switched: params('You are now signed in as {email}.'),
})
