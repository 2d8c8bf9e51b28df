import type { Language } from './messages.ts'

/** Each in its own words, whichever is spoken. */
export const LANGUAGES: Record<Language, string> = { en: 'English', de: 'Deutsch' }

export const isLanguage = (language: string | null | undefined): language is Language =>
  language != null && Object.hasOwn(LANGUAGES, language)

/** The first the reader prefers of those the page speaks. */
export function languageOf(preferred: readonly string[]): Language {
  return (
    parsed(preferred)
      .map(({ language }) => language)
      .find(isLanguage) ?? 'en'
  )
}

/** The reader's own form of the language (`de-AT`), or the language with the region they live in (`en-CH`). */
export function regionalLocale(language: Language, preferred: readonly string[]): string {
  const withRegion = parsed(preferred).filter(({ region }) => region)
  const nearest = withRegion.find(locale => locale.language === language) ?? withRegion[0]
  return nearest ? `${language}-${nearest.region}` : language
}

/** Chromium under the C locale prefers `en-US@posix`, which is no language tag. */
function parsed(tags: readonly string[]): Intl.Locale[] {
  return tags.filter(tag => /^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(tag)).map(tag => new Intl.Locale(tag))
}
