import { messages, params } from '../../messages.ts'

/** What the date popover says. */
export const dateTexts = messages('dateTexts', {
  title: 'Due date',
  today: 'Today',
  tomorrow: 'Tomorrow',
  weekend: 'This weekend',
  nextWeek: 'Next week',
  none: 'No date',
  type: 'Type a date',
  example: 'next friday at 9',
  notUnderstood: 'Not understood as a date yet.',
  repeated: params('{due} · {repetition}'),
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  time: 'Time',
  zone: 'Time zone',
  noTime: 'Without a time',
  repeat: 'Repeat',
  never: 'Does not repeat',
  fromCompletion: 'Count from completion',
  done: 'Done',
})
