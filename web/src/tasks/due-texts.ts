import { messages, params } from '../messages.ts'

/** When a task is due, in words. */
export const dueTexts = messages('dueTexts', {
  today: 'Today',
  tomorrow: 'Tomorrow',
  yesterday: 'Yesterday',
  atTime: params('{day}, {time}'),
  /** The zone is said when it is not the reader's own. */
  atTimeIn: params('{day}, {time} ({zone})'),
})
