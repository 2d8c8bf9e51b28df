import type { Translated } from '../messages.ts'
import type * as english from './board-texts.ts'

export const boardTexts: Translated<typeof english.boardTexts> = {
  edit: '{title} bearbeiten',
  open: '{title} öffnen',
  openHint: 'Öffnen',
  restore: '{title} wiederherstellen',
  restoreHint: 'Wiederherstellen',
  left: {
    one: 'Noch {count} Tag im Papierkorb',
    other: 'Noch {count} Tage im Papierkorb',
  },
  select: '{title} auswählen',
  more: 'Mehr zu {title}',
  priority: 'Priorität {priority}',
  overdue: 'Überfällig:',
  repeats: 'Wiederholt sich',
  subtasks: 'Teilaufgaben:',
  ofTotal: '{completed} von {total}',
  notSaved: 'Noch nicht gespeichert',
  refused: '„{title}“ wurde nicht geändert.',
  unsettled: '„{title}“ wurde hier und woanders geändert.',
  decide: 'Entscheiden',
  loadFailed: 'Deine Aufgaben konnten nicht geladen werden.',
  moreFailed: 'Weitere Aufgaben konnten nicht geladen werden.',
  loadingMore: 'Weitere Aufgaben werden geladen',
  overdueHeading: 'Überfällig',
  search: 'Suchen',
  paletteKey: 'Strg K',
  searchFor: 'Alle Aufgaben durchsuchen',
  editList: 'Liste bearbeiten',
  editTag: 'Schlagwort bearbeiten',
}

export const viewTitles: Translated<typeof english.viewTitles> = {
  today: 'Heute',
  upcoming: 'Demnächst',
  inbox: 'Eingang',
  done: 'Erledigt',
  trash: 'Papierkorb',
  search: 'Suche',
  all: 'Aufgaben',
  noList: 'Diese Liste gibt es nicht',
}

export const viewLeads: Translated<typeof english.viewLeads> = {
  upcoming: 'Was nach heute kommt.',
  inbox: 'Was noch in keiner Liste liegt.',
  done: 'Was du geschafft hast, das Neueste zuerst.',
  trash: 'Gelöschte Aufgaben bleiben 30 Tage.',
  search: 'In Titeln und Beschreibungen all deiner Aufgaben.',
}
