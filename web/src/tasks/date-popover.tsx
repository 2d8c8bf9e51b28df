import { Popover } from '../components/popover.tsx'
import type { OverlayProps } from './overlays.ts'

/** Picks a date for all of them. */
export default function DatePopover({ anchor, onClose }: OverlayProps<'date'>) {
  return (
    <Popover anchor={anchor} label="" onClose={onClose}>
      {null}
    </Popover>
  )
}
