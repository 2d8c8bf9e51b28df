import { setSingleKeys, useSingleKeys } from '../preferences.ts'
import { texts } from '../texts.ts'

/** WCAG 2.1.4: shortcuts of one character can be turned off. */
export function SingleKeysSwitch() {
  const on = useSingleKeys()
  return (
    <label className="flex cursor-pointer items-start justify-between gap-4">
      <span>
        <span className="block font-medium">{texts.keys.single}</span>
        <span className="block text-sm text-ink-3">{texts.keys.singleHint}</span>
      </span>
      <input
        type="checkbox"
        className="switch"
        aria-label={texts.keys.single}
        checked={on}
        onChange={event => setSingleKeys(event.target.checked)}
      />
    </label>
  )
}
