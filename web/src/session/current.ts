/** This page's one session, wired to the browser. */
import { useSyncExternalStore } from 'react'
import { browserFetch } from '../early.ts'
import { pause } from '../http.ts'
import { createDrafts } from './drafts.ts'
import { createIssuerClient } from './issuer.ts'
import { createSession } from './session.ts'

export const drafts = createDrafts(() => sessionStorage)
const client = createIssuerClient(browserFetch)
export const session = createSession({
  issuer: client,
  drafts,
  channel: new BroadcastChannel('latchkey:session'),
  locks: navigator.locks,
  now: Date.now,
  wait: pause,
})

/** What only the cookie vouches for waits, too, while the session is over. */
export const issuer = {
  findSession: client.findSession,
  listDevices: () => session.withCookie(client.listDevices),
  endDevice: (id: string) => session.withCookie(() => client.endDevice(id)),
  endOtherDevices: () => session.withCookie(client.endOtherDevices),
  changePassword: (current: string, next: string) =>
    session.withCookie(() => client.changePassword(current, next)),
  deleteAccount: (password: string) => session.withCookie(() => client.deleteAccount(password)),
}

export const useSession = () => useSyncExternalStore(session.subscribe, session.getState)
