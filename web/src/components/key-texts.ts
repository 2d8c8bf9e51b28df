import { messages } from '../messages.ts'

export const keyTexts = messages('keyTexts', {
  title: 'Keyboard shortcuts',
  single: 'Single-key shortcuts',
  singleHint: 'Turn them off if keys are pressed by accident or by speech input.',
  add: 'Add a task',
  next: 'Next task',
  previous: 'Previous task',
  toggle: 'Tick or untick',
  edit: 'Edit',
  remove: 'Delete',
  undo: 'Undo the last deletion',
  help: 'This list',
  or: 'or',
})
