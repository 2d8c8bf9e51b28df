// Everything the good server adds for people: sessions, mails, revocation, streams.
import { randomBytes } from 'node:crypto'
import type { Exchange } from '../exchange.ts'
import type { State } from '../state.ts'
import { createFeed, type Feed } from './feed.ts'
import { createIssuer } from './issuer.ts'
import { createPeople, type People } from './world.ts'

export interface Accounts {
  people: People
  feed: Feed
  feedSecret: string
  /** False: what needs the database answers 503. */
  isDatabaseUp: boolean
  /** True: listing tasks meets something its author did not foresee. */
  isBroken: boolean
  issuer: ReturnType<typeof createIssuer>
}

export function createAccounts(state: State): Accounts {
  const accounts = {
    people: createPeople(state),
    feed: createFeed(state),
    feedSecret: randomBytes(32).toString('base64url'),
    isDatabaseUp: true,
    isBroken: false,
  }
  // The issuer is made of the state that already has these.
  state.accounts = accounts as Accounts
  return Object.assign(accounts, { issuer: createIssuer(state) })
}

export function issuer(exchange: Exchange, state: State): Promise<boolean> {
  return state.accounts.issuer.answer(exchange)
}
