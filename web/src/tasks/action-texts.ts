import { count, messages, params } from '../messages.ts'

/** What the toasts say about actions on tasks. With one task its title stands below. */
export const actionTexts = messages('actionTexts', {
  undo: 'Undo',
  tooLate: 'It is too late to undo that.',
  completed: count({ one: 'Task completed', other: '{count} tasks completed' }),
  reopened: count({ one: 'Task open again', other: '{count} tasks open again' }),
  removed: count({ one: 'Task deleted', other: '{count} tasks deleted' }),
  restored: count({ one: 'Task restored', other: '{count} tasks restored' }),
  moved: count({ one: 'Moved to {list}', other: '{count} tasks moved to {list}' }),
  due: count({ one: 'Due {when}', other: '{count} tasks due {when}' }),
  undated: count({ one: 'Date removed', other: 'Dates removed from {count} tasks' }),
  prioritized: count({ one: 'Priority: {priority}', other: '{count} tasks: priority {priority}' }),
  tagged: count({ one: 'Tagged #{tag}', other: '{count} tasks tagged #{tag}' }),
  untagged: count({ one: '#{tag} taken off', other: '#{tag} taken off {count} tasks' }),
  reordered: 'Order changed',
  added: params('Added to {place}'),
})

/** The priorities in words. */
export const priorityNames = messages('priorityNames', { 1: 'urgent', 2: 'high', 3: 'medium', 4: 'none' })
