import { count, messages, params } from '../messages.ts'

/** What the list and its rows say. */
export const boardTexts = messages('boardTexts', {
  edit: params('Edit {title}'),
  open: params('Open {title}'),
  openHint: 'Open',
  restore: params('Restore {title}'),
  restoreHint: 'Restore',
  left: count({
    one: 'Gone for good in {count} day',
    other: 'Gone for good in {count} days',
  }),
  select: params('Select {title}'),
  more: params('More for {title}'),
  priority: params('Priority {priority}'),
  overdue: 'Overdue:',
  repeats: 'Repeats',
  subtasks: 'Subtasks:',
  ofTotal: params('{completed} of {total}'),
  notSaved: 'Not saved yet',
  refused: params('“{title}” was not changed.'),
  unsettled: params('“{title}” was changed here and somewhere else.'),
  decide: 'Decide',
  loadFailed: 'Your tasks could not be loaded.',
  moreFailed: 'More tasks could not be loaded.',
  loadingMore: 'Loading more tasks',
  overdueHeading: 'Overdue',
  search: 'Search',
  paletteKey: 'Ctrl K',
  searchFor: 'Search all tasks',
  editList: 'Edit list',
  editTag: 'Edit tag',
})

export const viewTitles = messages('viewTitles', {
  today: 'Today',
  upcoming: 'Upcoming',
  inbox: 'Inbox',
  done: 'Done',
  trash: 'Trash',
  search: 'Search',
  all: 'Tasks',
  noList: 'This list is not there',
})

export const viewLeads = messages('viewLeads', {
  upcoming: 'What comes after today.',
  inbox: 'What is not sorted into a list yet.',
  done: 'What you have finished, latest first.',
  trash: 'Deleted tasks are kept for 30 days.',
  search: 'In titles and descriptions of all your tasks.',
})
