/** What can be done to tasks with a backend beyond the core. Its code comes with what asks for it, after the list. */
import { useMemo } from 'react'
import { say } from './actions.ts'
import { priorityNames, organizingTexts as t } from './organizing-texts.ts'
import { positionsBetween } from './positions.ts'
import { isSameTag, type List, type Priority, type Task, type TaskChange } from './task.ts'
import { type TaskServices, useTaskServices } from './task-services.ts'

/** All the actions on tasks. */
export function useOrganizing() {
  const services = useTaskServices()
  return useMemo(() => createOrganizing(services), [services])
}

function createOrganizing({ actions, firstPosition }: TaskServices) {
  return {
    ...actions,
    setPriority(tasks: readonly Task[], priority: Priority) {
      const text = t.prioritized(tasks.length, { priority: priorityNames[priority] })
      actions.change(tasks, () => ({ priority }), say(text, tasks))
    },
    tag(tasks: readonly Task[], tag: string, on: boolean) {
      const without = (task: Task) => task.tags.filter(other => !isSameTag(other, tag))
      const change = (task: Task) => ({ tags: on ? [...without(task), tag] : without(task) })
      const text = on ? t.tagged(tasks.length, { tag }) : t.untagged(tasks.length, { tag })
      actions.change(tasks, change, say(text, tasks))
    },
    /** A subtask that is moved to another list leaves its task. */
    moveTo(tasks: readonly Task[], list: Pick<List, 'id' | 'name'> | null, place: string) {
      const first = firstPosition(list?.id ?? null)
      const keys = first && positionsBetween(null, first, tasks.length)
      const positions = new Map(keys ? keys.map((key, at) => [tasks[at]!.id, key]) : [])
      const change = (task: Task) => ({
        list: list?.id ?? null,
        parent: null,
        position: positions.get(task.id) ?? task.position,
      })
      actions.change(tasks, change, say(t.moved(tasks.length, { list: place }), tasks))
    },
    /** Manual order: `position` from `positionsAt`. */
    reorder(changes: readonly { task: Task; change: TaskChange }[]) {
      const byId = new Map(changes.map(({ task, change }) => [task.id, change]))
      const tasks = changes.map(({ task }) => task)
      actions.change(tasks, task => byId.get(task.id)!, say(t.reordered, tasks))
    },
  }
}
