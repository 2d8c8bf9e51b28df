import { messages } from '../messages.ts'

export const globalKeyTexts = messages('globalKeyTexts', {
  add: 'Add a task',
  palette: 'Go, find or do anything',
  search: 'Search all tasks',
  undo: 'Undo',
  help: 'Keyboard shortcuts',
  account: 'Account',
})
