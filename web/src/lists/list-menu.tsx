import { ArrowDown, ArrowUp, Pencil, Trash2 } from 'lucide-react'
import { Menu, MenuItem } from '../components/action-menu.tsx'
import { type OverlayProps, openOverlay } from '../tasks/overlays.ts'
import { useLists } from '../tasks/use-view.ts'
import { listTexts } from './list-texts.ts'
import { useListActions } from './use-list-actions.ts'

/** All that can be done to one list. */
export default function ListMenu({ list, anchor, onClose }: OverlayProps<'list-menu'>) {
  const actions = useListActions()
  const { data: lists = [] } = useLists()
  const at = lists.findIndex(({ id }) => id === list.id)
  const then = (act: () => void) => () => {
    onClose()
    act()
  }
  return (
    <Menu anchor={anchor} label={listTexts.menu({ name: list.name })} onClose={onClose}>
      <MenuItem
        Icon={Pencil}
        label={listTexts.edit}
        onChoose={then(() => openOverlay({ kind: 'list', list }))}
      />
      {at > 0 && (
        <MenuItem
          Icon={ArrowUp}
          label={listTexts.moveUp}
          onChoose={then(() => actions.move(list.id, at - 1))}
        />
      )}
      {at < lists.length - 1 && (
        <MenuItem
          Icon={ArrowDown}
          label={listTexts.moveDown}
          onChoose={then(() => actions.move(list.id, at + 1))}
        />
      )}
      <MenuItem Icon={Trash2} label={listTexts.remove} danger onChoose={then(() => actions.remove(list))} />
    </Menu>
  )
}
