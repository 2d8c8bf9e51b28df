import { messages, params } from '../messages.ts'

export const trashTexts = messages('trashTexts', {
  purged: 'Task deleted for good',
  purgeFailed: params('“{title}” could not be deleted for good, so it is back in the trash.'),
  empty: 'Empty trash',
  emptied: 'Trash emptied',
  emptyFailed: 'The trash could not be emptied, so all of it is back.',
  parentTitle: 'Restore its task too?',
  parentLead: params('“{title}” is a subtask of “{parent}”, which is in the trash.'),
  parentGone: params('“{title}” was a subtask of a task that is gone. It comes back as a task of its own.'),
  both: 'Restore both',
  onlySubtask: 'Only the subtask',
  asTask: 'Restore as a task',
  listTitle: 'Restore its list too?',
  listLead: params('The list of “{title}” was deleted. Without it the task goes to your Inbox.'),
  withList: 'Restore the list',
  onlyTask: 'Only the task',
  listRestored: 'The list and its tasks are back',
  cancel: 'Cancel',
})
