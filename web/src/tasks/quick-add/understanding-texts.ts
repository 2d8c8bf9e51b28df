import { count, messages, params } from '../../messages.ts'

/** What quick add says about what it understood. */
export const understandingTexts = messages('understandingTexts', {
  understood: 'Understood',
  hint: 'Try “Pay rent every month on the 1st at 9am p1 #home”',
  priority: params('Priority {priority}'),
  inbox: 'Inbox',
  newList: params('New list: {name}'),
  from: params('{repetition}, from {day}'),
  asWords: params('{what}: leave as words'),
  notHere: params('{what}: not for this task'),
  tags: 'Tags',
  lists: 'Lists',
})

/** What is said about many pasted lines. */
export const pasteTexts = messages('pasteTexts', {
  title: 'Add several tasks',
  lines: 'One task per line',
  preview: 'What will be added',
  add: count({ one: 'Add {count} task', other: 'Add {count} tasks' }),
  added: count({ one: 'Task added', other: '{count} tasks added' }),
  adding: 'Adding…',
  tooLong: count({
    one: 'Line {line} is {count} character too long: {title}',
    other: 'Line {line} is {count} characters too long: {title}',
  }),
  tooMany: count({
    one: 'At most 500 tasks at once: take out {count} line.',
    other: 'At most 500 tasks at once: take out {count} lines.',
  }),
  nothing: 'Write at least one line.',
})
