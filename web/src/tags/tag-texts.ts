import { count, messages, params } from '../messages.ts'

export const tagTexts = messages('tagTexts', {
  title: 'Tags',
  none: 'You have no tags yet. Write #home behind a task to make the first one.',
  name: params('Name of tag {tag}'),
  open: count({ one: '{count} open task', other: '{count} open tasks' }),
  rename: params('Rename tag {tag}'),
  remove: params('Delete tag {tag}'),
  save: 'Save',
  cancel: 'Cancel',
  done: 'Done',
  fault: 'A tag has 1 to 50 characters and no spaces, commas, # or /.',
  mergeLead: count({
    one: 'There is a tag #{to} already. Put the {count} open task of #{from} there?',
    other: 'There is a tag #{to} already. Put the {count} open tasks of #{from} there?',
  }),
  merge: params('Merge into #{to}'),
  renamed: params('#{from} is now #{to}'),
  merged: params('#{from} is merged into #{to}'),
  removed: params('Tag #{tag} deleted'),
  undo: 'Undo',
  tooLate: 'It is too late to undo that.',
  renameFailed: params('#{tag} could not be renamed.'),
  mergeFailed: params('#{tag} could not be merged, so it is back.'),
  removeFailed: params('#{tag} could not be deleted, so it is back.'),
  loadFailed: 'Your tags could not be loaded.',
})
