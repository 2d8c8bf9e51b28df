/** What the signed-in pages share, made anew for each person. */
import { QueryClient } from '@tanstack/react-query'
import { createContext, useContext, useSyncExternalStore } from 'react'
import { showToast } from '../components/toasts.ts'
import type { Config } from '../config.ts'
import { browserFetch } from '../early.ts'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { drafts, session } from '../session/current.ts'
import type { User } from '../session/issuer.ts'
import { createActions } from './actions.ts'
import { boardTexts as t } from './board-texts.ts'
import { createDeferrals } from './deferrals.ts'
import { createOffer } from './offer-undo.ts'
import { createOutbox } from './outbox.ts'
import { createCourier } from './outbox-courier.ts'
import type { Entry } from './outbox-entry.ts'
import { openOverlay } from './overlays.ts'
import { createTasksApi } from './tasks-api.ts'
import { createUndoStack } from './undo-stack.ts'
import { firstPositionIn, markViewsOld, reloadPlaces } from './view-cache.ts'

export type TaskServices = ReturnType<typeof createTaskServices>

const DRAFT = 'outbox'

export function createTaskServices(user: User, config: Config) {
  const organizes = config.features.includes('organize')
  const client = createQueryClient()
  const api = createTasksApi({
    ...{ apiUrl: config.api_url, userId: user.id, organizes },
    ...{ session, fetch: browserFetch },
  })
  const outbox = createOutbox({
    courier: createCourier(api, organizes, Date.now),
    storage: {
      read: () => drafts.read(user.id, DRAFT),
      write: text => mayKeepDrafts(user.id) && drafts.write(user.id, DRAFT, text),
    },
    onSaved: () => markViewsOld(client),
    onRefused: sayRefused,
    onConflict: entry => openOverlay({ kind: 'conflict', entry }),
    onPlaceSaved: place => reloadPlaces(client, place),
    now: Date.now,
    random: Math.random,
    isOnline: () => navigator.onLine,
    later: (work, ms) => {
      const timer = setTimeout(work, ms)
      return () => clearTimeout(timer)
    },
  })
  const undoStack = createUndoStack()
  const firstPosition = (list: string | null) => firstPositionIn(client, outbox.getState().locals, list)
  const actions = createActions({ userId: user.id, outbox, undoStack, organizes, firstPosition })
  const deferrals = createDeferrals()
  const offerUndo = createOffer(undoStack)
  return { user, organizes, client, api, outbox, undoStack, actions, firstPosition, deferrals, offerUndo }
}

/** A change can fail after its author has signed out; what they wrote must not be left behind then. */
function mayKeepDrafts(userId: string): boolean {
  const state = session.getState()
  return state.status === 'signed-in' && state.user.id === userId
}

/** What was typed is shown above the list, to be tried again; the rest is said in passing. */
function sayRefused({ base, change, isNew, refused }: Entry) {
  if (!refused || isNew || 'title' in change || 'description' in change) return
  showToast({ text: t.refused({ title: base.title }), detail: explain(refused), tone: 'danger' })
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
export const useActions = () => useTaskServices().actions

export function useOutbox() {
  const { outbox } = useTaskServices()
  return useSyncExternalStore(outbox.subscribe, outbox.getState)
}

/** What is hidden while it can still be undone. */
export function useDeferred() {
  const { deferrals } = useTaskServices()
  return useSyncExternalStore(deferrals.subscribe, deferrals.getState)
}
