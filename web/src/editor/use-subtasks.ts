import { useEffect } from 'react'
import type { Task } from '../tasks/task.ts'
import { useView } from '../tasks/use-view.ts'

export type Subtasks = {
  /** Null until all of them are known. */
  tasks: Task[] | null
  error: unknown
  refetch(): void
}

/** All subtasks of a task, the ones that are done too. */
export function useSubtasks({ id, subtasks }: Task, enabled: boolean): Subtasks {
  const query = useView({ kind: 'subtasks', parent: id }, enabled)
  const { hasNextPage, isFetching, isError, fetchNextPage } = query
  useEffect(() => {
    if (hasNextPage && !isFetching && !isError) void fetchNextPage()
  }, [hasNextPage, isFetching, isError, fetchNextPage])
  const areKnown = !enabled || (query.isSuccess && !hasNextPage) || subtasks.total === 0
  return {
    tasks: areKnown ? query.tasks : null,
    error: isError ? query.error : null,
    refetch: () => void query.refetch(),
  }
}
