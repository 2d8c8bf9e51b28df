import { Dialog } from '../components/dialog.tsx'
import { SingleKeysSwitch } from '../components/single-keys-switch.tsx'
import { texts } from '../texts.ts'

const KEYS: [string[], string][] = [
  [['Q', 'N'], texts.keys.add],
  [['J'], texts.keys.next],
  [['K'], texts.keys.previous],
  [['X'], texts.keys.toggle],
  [['E'], texts.keys.edit],
  [['#'], texts.keys.remove],
  [['Ctrl+Z'], texts.keys.undo],
  [['?'], texts.keys.help],
]

export default function ShortcutHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={texts.keys.title} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        {KEYS.map(([keys, meaning]) => (
          <div key={meaning} className="contents">
            <dt className="flex items-center gap-1.5 text-sm text-ink-3">
              {keys.map((key, at) => (
                <span key={key} className="flex items-center gap-1.5">
                  {at > 0 && texts.keys.or}
                  <kbd className="kbd">{key}</kbd>
                </span>
              ))}
            </dt>
            <dd className="text-ink-2">{meaning}</dd>
          </div>
        ))}
      </dl>
      <div className="my-5 border-t border-line" />
      <SingleKeysSwitch />
      <div className="mt-5 flex justify-end">
        <button type="button" className="btn btn-quiet" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Dialog>
  )
}
