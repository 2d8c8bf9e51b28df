import { useToday } from '../today.ts'
import { say } from './actions.ts'
import { viewTitles } from './board-texts.ts'
import { onDate } from './due.ts'
import { menuTexts } from './menu-texts.ts'
import { useOrganizing } from './organizing.ts'
import { organizingTexts } from './organizing-texts.ts'
import type { Task } from './task.ts'
import { useLists } from './use-view.ts'
import { viewAt } from './views.ts'

/** What it means to drop tasks on a link of the column: the same as the menu says in words. */
export function useDropOnPlace() {
  const actions = useOrganizing()
  const today = useToday()
  const { data: lists } = useLists()
  return (tasks: readonly Task[], place: string) => {
    const view = viewAt(place, '')
    const list = view?.kind === 'list' && lists?.find(({ id }) => id === view.id)
    if (list) actions.moveTo(tasks, list, list.name)
    else if (view?.kind === 'inbox') actions.moveTo(tasks, null, menuTexts.inbox)
    else if (view?.kind === 'tag') actions.tag(tasks, view.name, true)
    else if (view?.kind === 'done') actions.complete(tasks, true)
    else if (view?.kind === 'trash') actions.remove(tasks)
    else if (view?.kind === 'today') {
      const said = say(organizingTexts.due(tasks.length, { when: viewTitles.today }), tasks)
      actions.change(tasks, task => ({ due: onDate(task.due, today) }), said)
    }
  }
}
