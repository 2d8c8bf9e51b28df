/** One name for a pressed key, whatever the layout: `j`, `Shift+j`, `#`, `Mod+k`, `Alt+ArrowUp`. */

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'> & {
  getModifierState?(name: string): boolean
}

/** Mod is ⌘ on a Mac and Ctrl elsewhere. A character that is no letter stands for itself, with or without Shift. */
export function nameKey(event: Pressed, mac: boolean): string {
  const altGraph = event.getModifierState?.('AltGraph') ?? false
  const ctrl = event.ctrlKey && !altGraph
  const letter = letterOf(event)
  const isCharacter = !letter && [...event.key].length === 1
  const names = [
    (mac ? event.metaKey : ctrl) && 'Mod',
    (mac ? ctrl : event.metaKey) && (mac ? 'Control' : 'Meta'),
    event.altKey && !altGraph && !isCharacter && 'Alt',
    event.shiftKey && !isCharacter && 'Shift',
    letter ?? event.key,
  ]
  return names.filter(Boolean).join('+')
}

/** Caps Lock changes nothing. A layout without Latin letters has the key that is elsewhere printed with one. */
function letterOf({ key, code }: Pressed): string | null {
  if (/^[a-z]$/i.test(key)) return key.toLowerCase()
  return /^[^\0-\x7f]$/u.test(key) && /^Key[A-Z]$/.test(code) ? code.slice(3).toLowerCase() : null
}

/** Pressed without a modifier, alone or one after the other. */
export const isCharacters = (keys: string) => /^(Shift\+)?.( .)?$/u.test(keys)
