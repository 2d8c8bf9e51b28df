import { failureOf } from '../http.ts'
import type { Task } from '../tasks/task.ts'
import type { TasksApi } from '../tasks/tasks-api.ts'

/** The trash is asked first: what is in it is answered 404 everywhere else. */
export async function findParent(
  api: Pick<TasksApi, 'read' | 'list'>,
  id: string,
): Promise<Task | 'there' | 'gone'> {
  let page: string | null = '?trash=true&sort=deleted&limit=100'
  while (page) {
    const { tasks, next } = await api.list(page)
    const found = tasks.find(task => task.id === id)
    if (found) return found
    page = next
  }
  try {
    await api.read(id)
    return 'there'
  } catch (error) {
    if (failureOf(error).status !== 404) throw error
    return 'gone'
  }
}
