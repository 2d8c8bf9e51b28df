import { setSingleKeys, useSingleKeys } from '../preferences.ts'
import { keyTexts } from './key-texts.ts'

/** WCAG 2.1.4: shortcuts of one character can be turned off. */
export function SingleKeysSwitch() {
  const on = useSingleKeys()
  return (
    <label className="flex cursor-pointer items-start justify-between gap-4">
      <span>
        <span className="block font-medium">{keyTexts.single}</span>
        <span className="block text-sm text-ink-3">{keyTexts.singleHint}</span>
      </span>
      <input
        type="checkbox"
        className="switch"
        aria-label={keyTexts.single}
        checked={on}
        onChange={event => setSingleKeys(event.target.checked)}
      />
    </label>
  )
}
