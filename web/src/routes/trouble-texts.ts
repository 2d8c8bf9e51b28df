import { count, messages } from '../messages.ts'

export const notFoundTexts = messages('notFoundTexts', {
  title: 'Nothing here',
  lead: 'This page does not exist, or it moved.',
  home: 'Go to your tasks',
})

export const unreachableTexts = messages('unreachableTexts', {
  title: 'The server cannot be reached',
  lead: 'You have not been signed out. The page tries again by itself as soon as it can.',
  busyTitle: 'The server is busy',
  nextTry: count({ one: 'Next try in {count} second.', other: 'Next try in {count} seconds.' }),
})

export const crashTexts = messages('crashTexts', {
  title: 'Something broke',
  lead: 'Your tasks are safe on the server. Reload the page to go on.',
  reload: 'Reload',
})
