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
  movedTo: params('{title}: place {at} of {total}'),
  refused: params('“{title}” was not changed.'),
  refusedAdd: params('“{title}” was not added.'),
  refusedEdit: params('What you wrote for “{title}” was not saved.'),
  discard: 'Discard',
  unsettled: params('“{title}” was changed here and somewhere else.'),
  decide: 'Decide',
  loadFailed: 'Your tasks could not be loaded.',
  moreFailed: 'More tasks could not be loaded.',
  loadingMore: 'Loading more tasks',
  overdueHeading: 'Overdue',
  selected: count({ one: '{count} task selected', other: '{count} tasks selected' }),
  search: 'Search',
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

export const emptyTitles = messages('emptyTitles', {
  today: 'A clear day',
  upcoming: 'Nothing planned',
  inbox: 'An empty inbox',
  list: 'A clean page',
  tag: 'Nothing open with this tag',
  done: 'Nothing finished yet',
  trash: 'The trash is empty',
  search: 'Nothing found',
  ask: 'What are you looking for?',
  all: 'A clean page',
})

export const emptyLeads = messages('emptyLeads', {
  today: 'Nothing is due today. Add something above, or look at what is coming up.',
  upcoming: 'Give a task a date and it waits for you here, day by day.',
  inbox: 'Everything has its place. Write down the next thing on your mind; sort it later.',
  list: 'Add the first task of this list above, or drag one here from another.',
  tag: 'Write #tag in a task and you find it here.',
  done: 'What you tick off is kept here.',
  trash: 'What you delete stays here for 30 days, in case you want it back.',
  search: 'Try fewer words, or only the beginning of one.',
  ask: 'A word, or the beginning of one, is enough.',
  all: 'Write down the first thing on your mind. Enter adds it, and nobody but you can read it.',
})
