import { Monitor, Moon, Sun } from 'lucide-react'
import { setTheme, type Theme, useTheme } from '../preferences.ts'
import { themeTexts } from './theme-texts.ts'

const THEMES = [
  ['system', Monitor],
  ['light', Sun],
  ['dark', Moon],
] as const satisfies [Theme, unknown][]

/** System, light, dark. */
export function ThemeSwitch() {
  const current = useTheme()
  return (
    <fieldset className="segments">
      <legend className="sr-only">{themeTexts.label}</legend>
      {THEMES.map(([theme, Icon]) => (
        <label key={theme} className="segment">
          <input
            type="radio"
            name="theme"
            className="sr-only"
            value={theme}
            checked={theme === current}
            onChange={() => setTheme(theme)}
          />
          <Icon size={15} aria-hidden="true" />
          {themeTexts[theme]}
        </label>
      ))}
    </fieldset>
  )
}
