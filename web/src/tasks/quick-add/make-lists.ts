import { creation, removal, takeBack } from '../../lists/list-places.ts'
import { uuidv7 } from '../../uuid.ts'
import type { TaskServices } from '../task-services.ts'

type Parts = Pick<TaskServices, 'outbox' | 'client'>

/** Each name once, whatever its case; `ids` by the names in lower case. Undoing takes away what is empty then. */
export function makeLists(services: Parts, names: readonly string[]) {
  const { outbox } = services
  const ids = new Map<string, string>()
  const made = names.filter(name => {
    const isNew = !ids.has(name.toLowerCase())
    if (isNew) ids.set(name.toLowerCase(), uuidv7())
    return isNew
  })
  const idOf = (name: string) => ids.get(name.toLowerCase())!
  for (const name of made) outbox.putPlace(creation(services, idOf(name), { name, color: 'gray' }))

  const isUsed = (id: string) =>
    [...outbox.getState().locals.values()].some(({ task }) => task.list === id && !task.deleted_at)
  function undo() {
    for (const name of made.filter(name => !isUsed(idOf(name))))
      takeBack(services, { ...removal(idOf(name), name), onlyEmpty: true })
  }
  return { ids, undo }
}
