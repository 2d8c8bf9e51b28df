import type { Translated } from '../messages.ts'
import type * as english from './sidebar-texts.ts'

export const sidebarTexts: Translated<typeof english.sidebarTexts> = {
  views: 'Ansichten',
  lists: 'Listen',
  tags: 'Schlagwörter',
  newList: 'Neue Liste',
  moreFor: 'Mehr zu {name}',
  more: 'Mehr',
  moreTitle: 'Listen, Schlagwörter und mehr',
  open: { one: '{count} offene Aufgabe', other: '{count} offene Aufgaben' },
  unsaved: {
    one: '{count} Änderung noch nicht gespeichert',
    other: '{count} Änderungen noch nicht gespeichert',
  },
}
