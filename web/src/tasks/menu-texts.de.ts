import type { Translated } from '../messages.ts'
import type * as english from './menu-texts.ts'

export const menuTexts: Translated<typeof english.menuTexts> = {
  taskMenu: 'Aktionen für {title}',
  edit: 'Bearbeiten',
  reschedule: 'Anderes Datum…',
  priority: 'Priorität',
  noPriority: 'Keine Priorität',
  priorityOf: 'Priorität {priority}',
  move: 'Verschieben nach…',
  moveUp: 'Nach oben',
  moveDown: 'Nach unten',
  select: 'Auswählen',
  tags: 'Schlagwörter…',
  remove: 'Löschen',
  restore: 'Wiederherstellen',
  purge: 'Endgültig löschen',
  complete: 'Erledigen',
  reopen: 'Wieder öffnen',
  clear: 'Auswahl aufheben',
  bar: 'Aktionen für die ausgewählten Aufgaben',
  selectAll: 'Alle auswählen',
  moveTitle: 'Verschieben nach',
  inbox: 'Eingang',
  newList: 'Neue Liste…',
  tagTitle: 'Schlagwörter',
  newTag: 'Neues Schlagwort',
  addTag: 'Hinzufügen',
  noTags: 'Es gibt noch keine Schlagwörter.',
  unsaved: 'Noch ist nicht alles gespeichert',
  unsavedLead: {
    one: '{count} Änderung ist noch nicht beim Server angekommen. Meldest du dich jetzt ab, ist sie verloren.',
    other:
      '{count} Änderungen sind noch nicht beim Server angekommen. Meldest du dich jetzt ab, sind sie verloren.',
  },
  stay: 'Angemeldet bleiben',
  leave: { one: 'Abmelden und sie verlieren', other: 'Abmelden und {count} Änderungen verlieren' },
}
