import { messages } from '../messages.ts'

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
