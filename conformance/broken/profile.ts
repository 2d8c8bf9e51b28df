// The good server's profile: written as anybody would write one, filled in with what this process knows.
import type { HookFunctions } from '../src/hooks.ts'
import { type Profile, parseProfile } from '../src/profile.ts'
import type { GoodServer } from './good-server.ts'
import { choices, routes, task } from './profile-tasks.ts'
import { MAX_BODY } from './request-body.ts'
import { addUser, type State } from './state.ts'
import { MAX_DESCRIPTION, MAX_TITLE } from './task-members.ts'
import { MAX_PAGE } from './task-pages.ts'
import { mintToken } from './tokens.ts'

export function profileOf(server: GoodServer): Profile {
  return parseProfile(JSON.stringify(documentOf(server)))
}

/** As it would stand in a file. */
export function documentOf({ url, state }: GoodServer): object {
  return {
    name: 'the good server',
    api: { url },
    accounts: { ready: { a: account(state, 'a'), b: account(state, 'b'), deleted: deletedAccount(state) } },
    token: {
      alg: 'HS256',
      typ: 'at+jwt',
      repeatsSubject: ['user_id'],
      keys: state.keys.map(({ kid, secret }) => ({ kid, secret: secret.toString('base64url') })),
    },
    routes,
    task,
    choices,
    limits: { title: MAX_TITLE, description: MAX_DESCRIPTION, body: MAX_BODY, page: MAX_PAGE },
    errors: { expired: { pointer: '/code', value: 'token_expired' } },
  }
}

/** What a deployment would offer as commands. */
export function hooksOf({ state }: GoodServer): HookFunctions {
  return {
    async clock({ offset }) {
      state.clockAhead = offset * 1000
      return {}
    },
    async log({ after }) {
      const text = state.log.map(line => `${JSON.stringify(line)}\n`).join('')
      return { text: text.slice(after), end: text.length }
    },
  }
}

function account(state: State, name: string) {
  const user = addUser(state, `${name}@example.com`, name)
  return { id: user.id, email: user.email, token: mintToken(state, user) }
}

function deletedAccount(state: State) {
  const ready = account(state, 'deleted')
  state.users.get(ready.id)!.deleted = true
  return ready
}
