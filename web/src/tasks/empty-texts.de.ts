import type { Translated } from '../messages.ts'
import type * as english from './empty-texts.ts'

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
