import { Keys } from '../components/keys.tsx'
import type { Found } from './item.ts'

type Props = { id: string; item: Found; isActive: boolean; onPoint(): void; onChoose(): void }

/** The focus stays in the field; the active line is only pointed at. */
export function Option({ id, item, isActive, onPoint, onChoose }: Props) {
  const { Icon, color, keys, label, at } = item
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points at it
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className="palette-option"
      onPointerMove={() => isActive || onPoint()}
      onClick={onChoose}
    >
      {Icon ? (
        <Icon size={18} aria-hidden="true" className="text-ink-3" />
      ) : (
        <span className="dot mx-1" data-color={color} aria-hidden="true" />
      )}
      <span className="min-w-0 flex-1 truncate">
        <Highlighted text={label} at={at} />
      </span>
      {keys && <Keys keys={keys} />}
    </div>
  )
}

function Highlighted({ text, at }: { text: string; at: readonly number[] }) {
  if (at.length === 0) return text
  const hits = new Set(at)
  const runs: { text: string; isHit: boolean }[] = []
  for (const [place, letter] of [...text].entries()) {
    const last = runs.at(-1)
    if (last?.isHit === hits.has(place)) last.text += letter
    else runs.push({ text: letter, isHit: hits.has(place) })
  }
  return runs.map(({ text, isHit }, place) =>
    // biome-ignore lint/suspicious/noArrayIndexKey: the runs have no other name than their place
    isHit ? <b key={place}>{text}</b> : text,
  )
}
