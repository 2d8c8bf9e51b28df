/** This page's one session, wired to the browser. */
import { useSyncExternalStore } from 'react'
import { browserFetch } from '../early.ts'
import { pause } from '../http.ts'
import { createDrafts } from './drafts.ts'
import { createIssuerClient } from './issuer.ts'
import { createSession } from './session.ts'

export const drafts = createDrafts(() => sessionStorage)
export const session = createSession({
  issuer: createIssuerClient(browserFetch),
  drafts,
  channel: new BroadcastChannel('latchkey:session'),
  locks: navigator.locks,
  now: Date.now,
  wait: pause,
})

export const useSession = () => useSyncExternalStore(session.subscribe, session.getState)
