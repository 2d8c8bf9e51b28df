/** The two answers the page waits for: what the server offers, and who is signed in. */
import { useSyncExternalStore } from 'react'
import { type Config, readConfig } from './config.ts'
import { browserFetch, session, useSession } from './session/current.ts'

type ConfigState = { status: 'starting' } | { status: 'unreachable' } | { status: 'ready'; config: Config }

let state: ConfigState = { status: 'starting' }
const listeners = new Set<() => void>()

function change(next: ConfigState) {
  state = next
  for (const listener of listeners) listener()
}

async function loadConfig() {
  try {
    change({ status: 'ready', config: await readConfig(browserFetch) })
  } catch {
    change({ status: 'unreachable' })
  }
}

/** Asks for whatever has not been answered yet. */
export function startPage() {
  if (state.status !== 'ready') void loadConfig()
  const { status } = session.getState()
  if (status === 'starting' || status === 'unreachable') void session.start()
}

/** A page that comes back from the browser's cache may have missed a sign-out: it asks again. */
addEventListener('pageshow', event => {
  if (event.persisted) void session.start()
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
  if (config.status === 'unreachable' || person.status === 'unreachable')
    return { status: 'unreachable' } as const
  if (config.status === 'starting' || person.status === 'starting') return { status: 'starting' } as const
  return { status: 'ready', config: config.config, person } as const
}
