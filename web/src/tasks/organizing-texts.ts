import { count, messages } from '../messages.ts'

/** What the toasts say about putting tasks in order. With one task its title stands below. */
export const organizingTexts = messages('organizingTexts', {
  moved: count({ one: 'Moved to {list}', other: '{count} tasks moved to {list}' }),
  due: count({ one: 'Due {when}', other: '{count} tasks due {when}' }),
  undated: count({ one: 'Date removed', other: 'Dates removed from {count} tasks' }),
  prioritized: count({ one: 'Priority: {priority}', other: '{count} tasks: priority {priority}' }),
  tagged: count({ one: 'Tagged #{tag}', other: '{count} tasks tagged #{tag}' }),
  untagged: count({ one: '#{tag} taken off', other: '#{tag} taken off {count} tasks' }),
  reordered: 'Order changed',
})

/** The priorities in words. */
export const priorityNames = messages('priorityNames', { 1: 'urgent', 2: 'high', 3: 'medium', 4: 'none' })
