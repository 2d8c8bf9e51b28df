import { count, messages, params } from '../messages.ts'

export const taskTexts = messages('taskTexts', {
  title: 'Tasks',
  list: 'Your tasks',
  add: 'Add a task',
  addButton: 'Add',
  addHint: 'What needs doing?',
  addFailed: params('“{title}” was not added.'),
  discard: 'Discard',
  tooLong: count({
    one: 'The title is {count} character too long.',
    other: 'The title is {count} characters too long.',
  }),
  show: 'Show',
  edit: params('Edit {title}'),
  remove: params('Delete {title}'),
  loadMore: 'Load more',
  loadingMore: 'Loading…',
  loadFailed: 'Your tasks could not be loaded.',
  moreFailed: 'More tasks could not be loaded.',
  changeFailed: params('“{title}” could not be changed.'),
  addedElsewhere: 'Task added',
  removed: 'Task deleted',
  undo: 'Undo',
  tooLate: 'It is too late to undo that.',
  removeFailed: params('“{title}” could not be deleted, so it is back.'),
  added: params('Added {when}'),
  shortcuts: 'Keyboard shortcuts',
})

export const taskFilters = messages('taskFilters', { all: 'All', open: 'Open', done: 'Done' })

export const emptyTitles = messages('emptyTitles', {
  all: 'A clean page',
  open: 'Nothing left to do',
  done: 'Nothing finished yet',
})

export const emptyLeads = messages('emptyLeads', {
  all: 'Write down the first thing on your mind. Enter adds it, and nobody but you can read it.',
  open: 'Enjoy the quiet, or add what comes next.',
  done: 'What you tick off is kept here.',
})
