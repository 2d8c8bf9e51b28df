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
  subtasks: 'Unteraufgaben:',
  ofTotal: '{completed} von {total}',
  notSaved: 'Noch nicht gespeichert',
  movedTo: '{title}: Platz {at} von {total}',
  refused: '„{title}“ wurde nicht geändert.',
  refusedAdd: '„{title}“ wurde nicht hinzugefügt.',
  refusedEdit: 'Was du zu „{title}“ geschrieben hast, wurde nicht gespeichert.',
  discard: 'Verwerfen',
  unsettled: '„{title}“ wurde hier und woanders geändert.',
  decide: 'Entscheiden',
  loadFailed: 'Deine Aufgaben konnten nicht geladen werden.',
  moreFailed: 'Weitere Aufgaben konnten nicht geladen werden.',
  loadingMore: 'Weitere Aufgaben werden geladen',
  overdueHeading: 'Überfällig',
  selected: { one: '{count} Aufgabe ausgewählt', other: '{count} Aufgaben ausgewählt' },
  search: 'Suchen',
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

export const emptyTitles: Translated<typeof english.emptyTitles> = {
  today: 'Ein freier Tag',
  upcoming: 'Nichts geplant',
  inbox: 'Ein leerer Eingang',
  list: 'Ein leeres Blatt',
  tag: 'Nichts offen mit diesem Schlagwort',
  done: 'Noch nichts erledigt',
  trash: 'Der Papierkorb ist leer',
  search: 'Nichts gefunden',
  ask: 'Was suchst du?',
  all: 'Ein leeres Blatt',
}

export const emptyLeads: Translated<typeof english.emptyLeads> = {
  today: 'Heute ist nichts fällig. Füg oben etwas hinzu, oder schau, was demnächst kommt.',
  upcoming: 'Gib einer Aufgabe ein Datum, dann wartet sie hier auf dich, Tag für Tag.',
  inbox: 'Alles hat seinen Platz. Schreib auf, was dir als Nächstes einfällt, und sortier es später.',
  list: 'Füg oben die erste Aufgabe dieser Liste hinzu, oder zieh eine aus einer anderen hierher.',
  tag: 'Schreib #schlagwort in eine Aufgabe, dann findest du sie hier.',
  done: 'Was du abhakst, findest du hier wieder.',
  trash: 'Was du löschst, bleibt 30 Tage hier, falls du es doch noch brauchst.',
  search: 'Versuch es mit weniger Wörtern, oder nur mit dem Anfang eines Wortes.',
  ask: 'Ein Wort oder sein Anfang genügt.',
  all: 'Schreib auf, was dir zuerst einfällt. Enter fügt es hinzu, und außer dir kann es niemand lesen.',
}
