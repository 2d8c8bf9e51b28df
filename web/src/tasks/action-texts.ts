import { count, messages, params } from '../messages.ts'

/** What the toasts say about actions on tasks. With one task its title stands below. */
export const actionTexts = messages('actionTexts', {
  undo: 'Undo',
  tooLate: 'It is too late to undo that.',
  completed: count({ one: 'Task completed', other: '{count} tasks completed' }),
  reopened: count({ one: 'Task open again', other: '{count} tasks open again' }),
  removed: count({ one: 'Task deleted', other: '{count} tasks deleted' }),
  restored: count({ one: 'Task restored', other: '{count} tasks restored' }),
  added: params('Added to {place}'),
})
