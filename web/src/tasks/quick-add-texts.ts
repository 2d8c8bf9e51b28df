import { count, messages } from '../messages.ts'

/** What the field says before its grammar has arrived. */
export const quickAddTexts = messages('quickAddTexts', {
  add: 'Add a task',
  addButton: 'Add',
  placeholder: 'What needs doing?',
  details: 'Add and open details',
  titleMissing: 'Say what needs doing, too.',
  tooLong: count({
    one: 'The title is {count} character too long.',
    other: 'The title is {count} characters too long.',
  }),
})
