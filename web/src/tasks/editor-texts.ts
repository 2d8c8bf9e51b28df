import { count, messages, params } from '../messages.ts'

export const editorTexts = messages('editorTexts', {
  title: 'Edit task',
  name: 'Title',
  description: 'Description',
  save: 'Save',
  saving: 'Saving…',
  nameMissing: 'A task needs a title.',
  descriptionTooLong: count({
    one: 'The description is {count} character too long.',
    other: 'The description is {count} characters too long.',
  }),
  restored: 'This is what you had typed before.',
  loadFailed: 'This task could not be opened.',
  addedAndChanged: params('Added {added} · changed {changed}'),
})
