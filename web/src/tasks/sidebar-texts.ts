import { count, messages, params } from '../messages.ts'

export const sidebarTexts = messages('sidebarTexts', {
  views: 'Views',
  lists: 'Lists',
  tags: 'Tags',
  newList: 'New list',
  moreFor: params('More for {name}'),
  more: 'More',
  moreTitle: 'Lists, tags and more',
  open: count({ one: '{count} open task', other: '{count} open tasks' }),
  unsaved: count({ one: '{count} change not saved yet', other: '{count} changes not saved yet' }),
})
