/** What the signed-in pages share, made anew for each person. */
import { QueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { reportFailure } from '../components/report-failure.ts'
import { failureOf } from '../http.ts'
import { browserFetch, session } from '../session/current.ts'
import type { User } from '../session/issuer.ts'
import { createDeletions } from './deletions.ts'
import { createTasksApi } from './old-api.ts'
import { titleOf } from './task-cache.ts'
import { taskTexts } from './task-texts.ts'

export type TaskServices = ReturnType<typeof createTaskServices>

export function createTaskServices(user: User, apiUrl: string) {
  const client = createQueryClient()
  const api = createTasksApi({ apiUrl, userId: user.id, session, fetch: browserFetch })
  const deletions = createDeletions({
    send: api.remove,
    sendWhileLeaving: api.removeWhileLeaving,
    onFailed: (id, error) => reportFailure(taskTexts.removeFailed({ title: titleOf(client, id) }), error),
  })
  return { user, client, api, deletions }
}

function createQueryClient() {
  return new QueryClient({
    defaultOptions: {
      // Requests made offline fail at once and say so. Waiting in memory would lose them with the tab.
      mutations: { networkMode: 'always' },
      queries: {
        networkMode: 'always',
        staleTime: 30_000,
        retry: (failures, error) => failures < 1 && failureOf(error).status === 0 && navigator.onLine,
      },
    },
  })
}

const Services = createContext<TaskServices | null>(null)
export const TaskServicesProvider = Services.Provider
export const useTaskServices = () => useContext(Services)!
