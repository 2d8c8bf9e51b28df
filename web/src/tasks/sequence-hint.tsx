import { Keys } from '../components/keys.tsx'
import { keysOf, listShortcuts } from '../components/shortcuts.ts'

/** What the second key of a sequence may be. */
export default function SequenceHint({ started }: { started: string }) {
  const ways = listShortcuts().flatMap(shortcut =>
    keysOf(shortcut)
      .filter(keys => keys.startsWith(`${started} `))
      .map(keys => ({ key: keys.slice(started.length + 1), label: shortcut.label })),
  )
  return (
    <div role="status" className="sequence-hint">
      <Keys keys={started} />
      <ul className="flex flex-wrap gap-x-4 gap-y-1">
        {ways.map(({ key, label }) => (
          <li key={key} className="flex items-center gap-1.5">
            <Keys keys={key} /> {label}
          </li>
        ))}
      </ul>
    </div>
  )
}
