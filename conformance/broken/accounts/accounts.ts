// Everything the good server adds for people: sessions, mails, revocation, streams.
import { randomBytes } from 'node:crypto'
import type { State } from '../state.ts'
import { createFeed, type Feed } from './feed.ts'
import { createPeople, type People } from './world.ts'

export interface Accounts {
  people: People
  feed: Feed
  feedSecret: string
  /** False: what needs the database answers 503. */
  isDatabaseUp: boolean
  /** True: listing tasks meets something its author did not foresee. */
  isBroken: boolean
}

export function createAccounts(state: State): Accounts {
  return {
    people: createPeople(state),
    feed: createFeed(state),
    feedSecret: randomBytes(32).toString('base64url'),
    isDatabaseUp: true,
    isBroken: false,
  }
}
