/** Which language the page speaks on this device: the one chosen there, or the first of the browser's that it knows. */
import { useSyncExternalStore } from 'react'
import { isLanguage, languageOf, regionalLocale } from './locales.ts'
import { type Language, locale, speak } from './messages.ts'
import { readPreference, subscribeToPreferences, writePreference } from './preferences.ts'

export type LanguageChoice = 'system' | Language

let choice = readChoice()

function readChoice(): LanguageChoice {
  const stored = readPreference('language')
  return isLanguage(stored) ? stored : 'system'
}

/** To be awaited before the first paint. */
export async function startLanguage(): Promise<void> {
  locale.subscribe(language => {
    // Even what changes nothing would have the whole page styled anew.
    if (document.documentElement.lang !== language) document.documentElement.lang = language
  })
  addEventListener('languagechange', () => void speakChosen())
  await speakChosen()
}

export function setLanguage(next: LanguageChoice): Promise<void> {
  choice = next
  writePreference('language', next === 'system' ? null : next)
  return speakChosen()
}

export const useLanguageChoice = () => useSyncExternalStore(subscribeToPreferences, () => choice)

async function speakChosen(): Promise<void> {
  const language = choice === 'system' ? languageOf(navigator.languages) : choice
  await speak(language, regionalLocale(language, navigator.languages))
}
