import { Dialog } from '../components/dialog.tsx'
import { keyTexts } from '../components/key-texts.ts'
import { Keys } from '../components/keys.tsx'
import { keysOf, listShortcuts, type Shortcut } from '../components/shortcuts.ts'
import { SingleKeysSwitch } from '../components/single-keys-switch.tsx'
import { texts } from '../texts.ts'
import type { OverlayProps } from './overlays.ts'

const GROUPS = [
  ['general', () => keyTexts.general],
  ['go', () => keyTexts.go],
  ['list', () => keyTexts.list],
  ['task', () => keyTexts.task],
] as const

/** Whatever is registered when it opens: nothing is listed that does nothing, and nothing is left out. */
export default function ShortcutHelp({ onClose }: OverlayProps<'help'>) {
  const known = mergeSame(listShortcuts())
  return (
    <Dialog title={keyTexts.title} onClose={onClose}>
      <div className="shortcut-groups" tabIndex={-1} data-autofocus>
        {GROUPS.map(([group, title]) => (
          <Group key={group} title={title()} shortcuts={known.filter(one => one.group === group)} />
        ))}
      </div>
      <div className="mb-5 border-t border-line" />
      <SingleKeysSwitch />
      <div className="mt-5 flex justify-end">
        <button type="button" className="btn btn-quiet" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Dialog>
  )
}

type Known = Pick<Shortcut, 'group' | 'label'> & { keys: readonly string[] }

function Group({ title, shortcuts }: { title: string; shortcuts: readonly Known[] }) {
  if (shortcuts.length === 0) return null
  return (
    <section className="break-inside-avoid">
      <h3 className="mb-2 text-sm font-semibold text-ink-3">{title}</h3>
      <dl className="grid gap-y-1.5">
        {shortcuts.map(({ keys, label }) => (
          <div key={label} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1">
            <dt className="text-ink-2">{label}</dt>
            <dd className="flex flex-wrap items-center gap-1.5 text-sm text-ink-3">
              {keys.map((one, at) => (
                <span key={one} className="flex items-center gap-1.5">
                  {at > 0 && keyTexts.or}
                  <Keys keys={one} />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Two parts of the page may know the same deed: it is listed once, with all its keys. */
function mergeSame(shortcuts: readonly Shortcut[]): Known[] {
  const merged = new Map<string, Known>()
  for (const shortcut of shortcuts) {
    const name = `${shortcut.group} ${shortcut.label}`
    const keys = [...new Set([...(merged.get(name)?.keys ?? []), ...keysOf(shortcut)])]
    merged.set(name, { group: shortcut.group, label: shortcut.label, keys })
  }
  return [...merged.values()]
}
