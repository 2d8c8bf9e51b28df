/** The two answers the page waits for: what the server offers, and who is signed in. */
import { useSyncExternalStore } from 'react'
import { type Config, readConfig } from './config.ts'
import { browserFetch } from './early.ts'
import { session, useSession } from './session/current.ts'

type ConfigState =
  | { status: 'starting' }
  | { status: 'unreachable'; error: unknown }
  | { status: 'ready'; config: Config }

let state: ConfigState = { status: 'starting' }
const listeners = new Set<() => void>()

function change(next: ConfigState) {
  state = next
  for (const listener of listeners) listener()
}

async function loadConfig() {
  try {
    change({ status: 'ready', config: await readConfig(browserFetch) })
  } catch (error) {
    change({ status: 'unreachable', error })
  }
}

/** Asks for whatever has not been answered yet. */
export function startPage() {
  if (state.status !== 'ready') void loadConfig()
  const { status } = session.getState()
  if (status === 'starting' || status === 'unreachable') void session.look()
}

/** A tab that slept may have missed that somebody left or came: it asks whenever it is looked at again. */
addEventListener('focus', () => void session.look())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void session.look()
})

/** What the browser kept of a page that was left is not shown before it is known whose it is. */
addEventListener('pageshow', async event => {
  if (!event.persisted) return
  const root = document.getElementById('root')!
  root.hidden = true
  await session.look()
  root.hidden = false
})

const useConfig = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    () => state,
  )

export function useStart() {
  const config = useConfig()
  const person = useSession()
  if (config.status === 'unreachable') return config
  if (person.status === 'unreachable') return person
  if (config.status === 'starting' || person.status === 'starting') return { status: 'starting' } as const
  return { status: 'ready', config: config.config, person } as const
}
