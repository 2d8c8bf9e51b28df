import { Moon, Sun } from 'lucide-react'
import { setTheme, useIsDark } from '../preferences.ts'
import { themeTexts } from './theme-texts.ts'

export function ThemeToggle() {
  const dark = useIsDark()
  const Icon = dark ? Sun : Moon
  return (
    <button
      type="button"
      className="icon-btn"
      aria-label={dark ? themeTexts.toLight : themeTexts.toDark}
      onClick={() => setTheme(dark ? 'light' : 'dark')}
    >
      <Icon size={18} aria-hidden="true" />
    </button>
  )
}
