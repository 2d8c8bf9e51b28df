import type { Translated } from '../messages.ts'
import type * as english from './place-texts.ts'

export const listRefusals: Translated<typeof english.listRefusals> = {
  create: 'Die Liste „{name}“ wurde nicht angelegt.',
  change: 'Die Liste „{name}“ wurde nicht geändert.',
  move: 'Die Liste „{name}“ wurde nicht verschoben.',
  remove: 'Die Liste „{name}“ wurde nicht gelöscht und ist wieder da.',
  restore: 'Die Liste „{name}“ wurde nicht zurückgeholt.',
  restoreUnnamed: 'Die Liste wurde nicht zurückgeholt.',
}

export const tagRefusals: Translated<typeof english.tagRefusals> = {
  rename: '#{name} wurde nicht in #{to} umbenannt.',
  merge: '#{name} wurde nicht zusammengeführt und ist wieder da.',
  remove: '#{name} wurde nicht gelöscht und ist wieder da.',
}
