import { Languages } from 'lucide-react'
import { type LanguageChoice, setLanguage, useLanguageChoice } from '../language.ts'
import { LANGUAGES } from '../locales.ts'
import type { Language } from '../messages.ts'
import { languageTexts } from './language-texts.ts'

/** System, or a language by its own name: whoever cannot read the page can still find theirs. */
export function LanguageSwitch() {
  return (
    <fieldset className="segments">
      <legend className="sr-only">{languageTexts.label}</legend>
      <Choice value="system">
        <Languages size={15} aria-hidden="true" />
        {languageTexts.system}
      </Choice>
      {(Object.keys(LANGUAGES) as Language[]).map(language => (
        <Choice key={language} value={language}>
          <span lang={language}>{LANGUAGES[language]}</span>
        </Choice>
      ))}
    </fieldset>
  )
}

function Choice({ value, children }: { value: LanguageChoice; children: React.ReactNode }) {
  const chosen = useLanguageChoice()
  return (
    <label className="segment">
      <input
        type="radio"
        name="language"
        className="sr-only"
        value={value}
        checked={value === chosen}
        onChange={() => void setLanguage(value)}
      />
      {children}
    </label>
  )
}
