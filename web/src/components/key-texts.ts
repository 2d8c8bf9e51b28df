import { messages } from '../messages.ts'

export const keyTexts = messages('keyTexts', {
  title: 'Keyboard shortcuts',
  single: 'Single-key shortcuts',
  singleHint: 'Turn them off if keys are pressed by accident or by speech input.',
  general: 'Everywhere',
  go: 'Go to',
  list: 'In a list',
  task: 'A task, or the selected ones',
  or: 'or',
})
