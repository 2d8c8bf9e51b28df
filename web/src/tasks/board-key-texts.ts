import { messages, params } from '../messages.ts'

/** What the keys of the list do, for the help. */
export const boardKeyTexts = messages('boardKeyTexts', {
  add: 'Add a task',
  next: 'Next task',
  previous: 'Previous task',
  toggle: 'Tick or untick',
  edit: 'Edit the title',
  open: 'Open the task',
  remove: 'Delete',
  selectNext: 'Select downwards',
  selectPrevious: 'Select upwards',
  unselect: 'Clear the selection',
  priority: params('Priority {priority}'),
  reschedule: 'Reschedule',
  move: 'Move to a list',
  moveUp: 'Move up',
  moveDown: 'Move down',
  menu: 'More for the task',
})
