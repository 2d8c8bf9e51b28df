import { messages } from './messages.ts'

/** What many places say. */
export const texts = messages('texts', {
  product: 'Latchkey',
  tagline: 'A private todo list on your own server.',
  loading: 'Loading',
  tryAgain: 'Try again',
  cancel: 'Cancel',
  close: 'Close',
  dismiss: 'Dismiss',
  notifications: 'Notifications',
  notLoaded: 'This part of the page could not be loaded. Check your connection and try again.',
})
