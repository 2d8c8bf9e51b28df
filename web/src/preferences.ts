/** The choices that belong to the device, not to a person: the theme, and whether single keys act. */
import { useSyncExternalStore } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const listeners = new Set<() => void>()

export function readPreference(name: string): string | null {
  try {
    return localStorage.getItem(`latchkey:${name}`)
  } catch {
    return null
  }
}

export function writePreference(name: string, value: string | null) {
  try {
    if (value === null) localStorage.removeItem(`latchkey:${name}`)
    else localStorage.setItem(`latchkey:${name}`, value)
  } catch {
    // Storage can be forbidden: the choice then lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

export function subscribeToPreferences(listener: () => void) {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

let singleKeys = readPreference('single-keys') !== 'off'

export const areSingleKeysOn = () => singleKeys
export const useTheme = () => useSyncExternalStore(subscribeToPreferences, currentTheme)
export const useSingleKeys = () => useSyncExternalStore(subscribeToPreferences, areSingleKeysOn)

export function currentTheme(): Theme {
  return (document.documentElement.dataset.theme as Theme | undefined) ?? 'system'
}

export function setTheme(theme: Theme) {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
  writePreference('theme', theme === 'system' ? null : theme)
}

export function setSingleKeys(on: boolean) {
  singleKeys = on
  writePreference('single-keys', on ? null : 'off')
}

const darkSystem = matchMedia('(prefers-color-scheme: dark)')

function subscribeToDark(listener: () => void) {
  const stop = subscribeToPreferences(listener)
  darkSystem.addEventListener('change', listener)
  return () => {
    stop()
    darkSystem.removeEventListener('change', listener)
  }
}

export const useIsDark = () =>
  useSyncExternalStore(subscribeToDark, () => {
    const theme = currentTheme()
    return theme === 'dark' || (theme === 'system' && darkSystem.matches)
  })
