import { count, messages, params } from '../messages.ts'

export const tagTexts = messages('tagTexts', {
  name: 'Name',
  open: count({ one: '{count} open task', other: '{count} open tasks' }),
  remove: 'Delete tag',
  save: 'Save',
  cancel: 'Cancel',
  fault: 'A tag has 1 to 50 characters and no spaces, commas, # or /.',
  mergeLead: count({
    one: 'There is a tag #{to} already. Put the {count} open task of #{from} there?',
    other: 'There is a tag #{to} already. Put the {count} open tasks of #{from} there?',
  }),
  merge: params('Merge into #{to}'),
  renamed: params('#{from} is now #{to}'),
  merged: params('#{from} is merged into #{to}'),
  removed: params('Tag #{tag} deleted'),
})
