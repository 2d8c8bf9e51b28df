import type { Translated } from '../messages.ts'
import type * as english from './task-texts.ts'

export const taskTexts: Translated<typeof english.taskTexts> = {
  title: 'Aufgaben',
  list: 'Deine Aufgaben',
  add: 'Aufgabe hinzufügen',
  addButton: 'Hinzufügen',
  addHint: 'Was ist zu tun?',
  addFailed: '„{title}“ wurde nicht hinzugefügt.',
  discard: 'Verwerfen',
  tooLong: {
    one: 'Der Titel ist um {count} Zeichen zu lang.',
    other: 'Der Titel ist um {count} Zeichen zu lang.',
  },
  show: 'Zeigen',
  edit: '{title} bearbeiten',
  remove: '{title} löschen',
  loadMore: 'Mehr laden',
  loadingMore: 'Wird geladen…',
  loadFailed: 'Deine Aufgaben konnten nicht geladen werden.',
  moreFailed: 'Weitere Aufgaben konnten nicht geladen werden.',
  changeFailed: '„{title}“ konnte nicht geändert werden.',
  addedElsewhere: 'Aufgabe hinzugefügt',
  removed: 'Aufgabe gelöscht',
  undo: 'Rückgängig',
  tooLate: 'Das lässt sich nicht mehr rückgängig machen.',
  removeFailed: '„{title}“ konnte nicht gelöscht werden und ist wieder da.',
  added: 'Hinzugefügt: {when}',
  shortcuts: 'Tastenkürzel',
}

export const taskFilters: Translated<typeof english.taskFilters> = {
  all: 'Alle',
  open: 'Offen',
  done: 'Erledigt',
}

export const emptyTitles: Translated<typeof english.emptyTitles> = {
  all: 'Ein leeres Blatt',
  open: 'Nichts mehr zu tun',
  done: 'Noch nichts erledigt',
}

export const emptyLeads: Translated<typeof english.emptyLeads> = {
  all: 'Schreib auf, was dir zuerst einfällt. Enter fügt es hinzu, und außer dir kann es niemand lesen.',
  open: 'Genieß die Ruhe, oder füg hinzu, was als Nächstes kommt.',
  done: 'Was du abhakst, findest du hier wieder.',
}
