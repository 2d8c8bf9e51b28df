import type { Translated } from './messages.ts'
import type * as english from './texts.ts'

export const texts: Translated<typeof english.texts> = {
  product: 'Latchkey',
  tagline: 'Deine private Aufgabenliste auf deinem eigenen Server.',
  loading: 'Wird geladen',
  tryAgain: 'Noch einmal versuchen',
  cancel: 'Abbrechen',
  close: 'Schließen',
  dismiss: 'Ausblenden',
  notifications: 'Mitteilungen',
  notLoaded:
    'Dieser Teil der Seite konnte nicht geladen werden. Prüf die Verbindung und versuch es noch einmal.',
}
