import type { Translated } from '../messages.ts'
import type * as english from './trash-texts.ts'

export const trashTexts: Translated<typeof english.trashTexts> = {
  purged: 'Aufgabe endgültig gelöscht',
  purgeFailed: '„{title}“ konnte nicht endgültig gelöscht werden und ist wieder im Papierkorb.',
  empty: 'Papierkorb leeren',
  emptied: 'Papierkorb geleert',
  emptyFailed: 'Der Papierkorb konnte nicht geleert werden, alles ist noch da.',
  parentTitle: 'Auch die Aufgabe wiederherstellen?',
  parentLead: '„{title}“ ist eine Teilaufgabe von „{parent}“, und die liegt im Papierkorb.',
  parentGone:
    '„{title}“ war Teil einer Aufgabe, die es nicht mehr gibt. Sie kommt als eigene Aufgabe zurück.',
  both: 'Beide wiederherstellen',
  onlySubtask: 'Nur die Teilaufgabe',
  asTask: 'Als Aufgabe wiederherstellen',
  listTitle: 'Auch die Liste wiederherstellen?',
  listLead: 'Die Liste von „{title}“ wurde gelöscht. Ohne sie kommt die Aufgabe in deinen Eingang.',
  withList: 'Liste wiederherstellen',
  onlyTask: 'Nur die Aufgabe',
  listRestored: 'Die Liste und ihre Aufgaben sind wieder da',
  cancel: 'Abbrechen',
}
