import '../styles/palette.css'
import { isMac } from './is-mac.ts'
import { keyNameTexts } from './key-name-texts.ts'

const SIGNS: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Enter: '↵',
  Escape: 'Esc',
}

/** Keys as they are printed on the reader's keyboard. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className="keys">
      {keys.split(/[ +](?=.)/).map((key, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a sequence may hold one key twice
        <kbd key={at} className="kbd">
          {sayKey(key)}
        </kbd>
      ))}
    </span>
  )
}

function sayKey(key: string): string {
  const mac = isMac()
  if (key === 'Mod') return mac ? '⌘' : keyNameTexts.ctrl
  if (key === 'Alt') return mac ? '⌥' : 'Alt'
  if (key === 'Shift') return mac ? '⇧' : keyNameTexts.shift
  if (key === 'Delete') return keyNameTexts.delete
  return SIGNS[key] ?? key.toUpperCase()
}
