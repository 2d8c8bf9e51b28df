import { Dialog } from '../components/dialog.tsx'
import { keyTexts } from '../components/key-texts.ts'
import { SingleKeysSwitch } from '../components/single-keys-switch.tsx'
import { texts } from '../texts.ts'

const keys = (): [string[], string][] => [
  [['Q', 'N'], keyTexts.add],
  [['J'], keyTexts.next],
  [['K'], keyTexts.previous],
  [['X'], keyTexts.toggle],
  [['E'], keyTexts.edit],
  [['#'], keyTexts.remove],
  [['Ctrl+Z'], keyTexts.undo],
  [['?'], keyTexts.help],
]

export default function ShortcutHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog title={keyTexts.title} onClose={onClose}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-5 gap-y-2">
        {keys().map(([keys, meaning]) => (
          <div key={meaning} className="contents">
            <dt className="flex items-center gap-1.5 text-sm text-ink-3">
              {keys.map((key, at) => (
                <span key={key} className="flex items-center gap-1.5">
                  {at > 0 && keyTexts.or}
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
