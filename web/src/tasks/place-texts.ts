import { messages, params } from '../messages.ts'

/** What the server would not have of the changes of lists. */
export const listRefusals = messages('listRefusals', {
  create: params('The list “{name}” was not made.'),
  change: params('The list “{name}” was not changed.'),
  move: params('The list “{name}” was not moved.'),
  remove: params('The list “{name}” was not deleted, so it is back.'),
  restore: params('The list “{name}” was not brought back.'),
  restoreUnnamed: 'The list was not brought back.',
})

/** And of tags. */
export const tagRefusals = messages('tagRefusals', {
  rename: params('#{name} was not renamed to #{to}.'),
  merge: params('#{name} was not merged, so it is back.'),
  remove: params('#{name} was not deleted, so it is back.'),
})
