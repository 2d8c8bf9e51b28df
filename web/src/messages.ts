/**
 * Every sentence of the page: English beside the code that says it, German in one chunk that only its readers load.
 * To add a text:
 * 1. Put it into its area's `…-texts.ts`, where `export const listTexts = messages('listTexts', { … })` stands. A key
 *    holds a text, `params('Delete {title}')` or `count({ one: '{count} task in {list}', other: '{count} tasks …' })`.
 * 2. Put the German beside it, into `…-texts.de.ts` (a new file is named in `german.ts`); types ask for every key.
 * 3. Say it: `listTexts.title`, `listTexts.remove({ title })`, `listTexts.within(3, { list })`; but not at the top
 *    level of a module, which runs before the language is known. A component under `memo` calls `useLocale()`.
 * What only a lazy chunk says stands in a file that only that chunk imports. A sentence is one text, never pieces.
 * `messages.test.ts` holds all of this.
 */
import { createI18n, type ExtractTemplateParams, type Translations, transform } from '@nanostores/i18n'
import { atom } from 'nanostores'

export type Language = 'en' | 'de'

/** The language the page speaks now. */
export const locale = atom<Language>('en')
const i18n = createI18n(locale, { get: async () => ({}) })
/** The same with the reader's region, for dates and numbers: `en-GB`. */
let regional = 'en'

/** The texts of every area whose module has been loaded, by language. */
export const catalogue = i18n.cache as unknown as Partial<Record<Language, Catalogue>>

/** German is there before it is spoken: nothing is ever seen half translated. If it does not come, English stays. */
export async function speak(language: Language, region: string = language): Promise<void> {
  if (language === 'de' && !catalogue.de) {
    const loaded = await import('./german.ts').catch(() => null)
    if (!loaded) return
    catalogue.de = { ...catalogue.en, ...loaded.german }
  }
  regional = region
  locale.set(language)
}

/** The texts of one area, each in the language spoken when it is read. */
/* @__NO_SIDE_EFFECTS__ */
export function messages<Texts extends Translations>(area: string, english: Texts): Texts {
  const store = i18n(area, english)
  store.listen(() => {})
  return new Proxy(english, { get: (_, key) => store.get()[key as string] })
}

/** A text with values in it: `params('Delete {title}')` is said as `remove({ title })`. */
export const params = transform((_language, text: string, values: Values) =>
  fill(text, values),
) as unknown as <const Input extends string>(input: Input) => Filled<Input>

/** A text for every number: `count({ one: '{count} task', other: '{count} tasks' })` is said as `tasks(3)`. */
export const count = transform((language, forms: Forms, number: number, values?: Values) => {
  const form = new Intl.PluralRules(language).select(number) === 'one' ? forms.one : forms.other
  return fill(form, { ...values, count: number })
}) as unknown as <const Input extends Forms>(input: Input) => Counted<Input['other']>

// The library's own `params` reads `$&` in a value as a pattern, and a `{name}` in it as the next parameter.
function fill(text: string, values: Values): string {
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ''
    return typeof value === 'number' ? numbers().format(value) : value
  })
}

/** Something made for the reader's language and region, and made anew when these change. */
export function byLocale<Made>(make: (regional: string) => Made): () => Made {
  let madeFor = ''
  let made: Made
  return () => {
    if (regional !== madeFor) made = make(regional)
    madeFor = regional
    return made
  }
}

const numbers = byLocale(regional => new Intl.NumberFormat(regional))

type Catalogue = Record<string, Record<string, string | Forms>>
type Values = Record<string, string | number>
type Forms = { one: string; other: string }
type Filled<Input extends string> = (values: ExtractTemplateParams<Input>) => string
type Counted<Input extends string> = keyof Omit<ExtractTemplateParams<Input>, 'count'> extends never
  ? (count: number) => string
  : (count: number, values: Omit<ExtractTemplateParams<Input>, 'count'>) => string

/** What a translation of an area brings. */
export type Translated<Texts> = {
  [Key in keyof Texts]: Texts[Key] extends string
    ? string
    : Texts[Key] extends (count: number, values: never) => string
      ? Forms
      : string
}
