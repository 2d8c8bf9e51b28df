import { Inbox, Plus } from 'lucide-react'
import { Menu, MenuItem, MenuLine } from '../components/action-menu.tsx'
import { menuTexts as t } from './menu-texts.ts'
import { useOrganizing } from './organizing.ts'
import { type OverlayProps, openOverlay } from './overlays.ts'
import { clearSelection } from './selection.ts'
import type { List } from './task.ts'
import { useLists } from './use-view.ts'

/** Which list all of them go to. */
export default function MoveMenu({ tasks, anchor, onClose }: OverlayProps<'move'>) {
  const { data: lists } = useLists()
  const actions = useOrganizing()
  const here = tasks.every(task => task.list === tasks[0]?.list) ? tasks[0]?.list : undefined
  const move = (list: List | null) => () => {
    onClose()
    actions.moveTo(tasks, list, list?.name ?? t.inbox)
    clearSelection()
  }
  const makeList = () => {
    onClose()
    openOverlay({ kind: 'list', list: null })
  }
  return (
    <Menu anchor={anchor} label={t.moveTitle} onClose={onClose}>
      <MenuItem Icon={Inbox} label={t.inbox} checked={here === null} onChoose={move(null)} />
      {lists?.map(list => (
        <MenuItem
          key={list.id}
          mark={<span className="dot mx-[0.3125rem]" data-color={list.color} aria-hidden="true" />}
          label={list.name}
          checked={here === list.id}
          onChoose={move(list)}
        />
      ))}
      <MenuLine />
      <MenuItem Icon={Plus} label={t.newList} onChoose={makeList} />
    </Menu>
  )
}
