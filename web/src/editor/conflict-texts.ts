import { messages, params } from '../messages.ts'

export const conflictTexts = messages('conflictTexts', {
  title: 'Two versions of one task',
  lead: params(
    '“{title}” was also changed somewhere else. Choose what to keep; nothing is lost until you do.',
  ),
  mine: 'Yours',
  theirs: 'The other version',
  both: 'Both',
  empty: 'Empty',
  notInBoth: 'Everything else is the same in both.',
  keep: 'Save this',
  allMine: 'All of mine',
  allTheirs: 'All of the other',
  later: 'Decide later',
  kept: 'Both versions are settled',
})
