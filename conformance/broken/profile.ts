// The good server's profile: written as anybody would write one, filled in with what this process knows.

import type { HookFunctions } from '../src/hooks.ts'
import { type KeySpec, type Profile, parseProfile } from '../src/profile.ts'
import { choicesOf, recipeOf } from './accounts/account-profile.ts'
import { createControl } from './accounts/control.ts'
import { LEASE_MS } from './accounts/feed.ts'
import type { GoodServer } from './good-server.ts'
import { choices, routes, task } from './profile-tasks.ts'
import { MAX_BODY } from './request-body.ts'
import { addUser, type SigningKey, type State } from './state.ts'
import { MAX_DESCRIPTION, MAX_TITLE } from './task-members.ts'
import { MAX_PAGE } from './task-pages.ts'
import { mintToken } from './tokens.ts'

export function profileOf(server: GoodServer): Profile {
  return parseProfile(JSON.stringify(documentOf(server)))
}

/** As it would stand in a file. */
export function documentOf({ url, plainUrl, state, instances }: GoodServer): object {
  return {
    name: 'the good server',
    api: { url, replicas: instances.slice(1).map(instance => instance.url), plain: plainUrl },
    issuer: { url, origin: state.origin },
    accounts: {
      ready: { a: account(state, 'a'), b: account(state, 'b'), deleted: deletedAccount(state) },
      ...recipeOf(state),
    },
    token: {
      alg: state.keys[0]!.alg,
      typ: 'at+jwt',
      repeatsSubject: ['user_id'],
      keys: state.keys.map(keySpec),
    },
    routes,
    task,
    bounds: { lease: LEASE_MS },
    choices: { ...choices, ...choicesOf() },
    limits: { title: MAX_TITLE, description: MAX_DESCRIPTION, body: MAX_BODY, page: MAX_PAGE },
    errors: { expired: { pointer: '/code', value: 'token_expired' } },
  }
}

/** What a deployment would offer as commands. */
export function hooksOf({ state, instances }: GoodServer): HookFunctions {
  return createControl(state, instances)
}

function keySpec({ kid, alg, secret, privateKey }: SigningKey): KeySpec {
  if (secret) return { kid, alg, secret: secret.toString('base64url') }
  return { kid, alg, privateKey: privateKey!.export({ type: 'pkcs8', format: 'pem' }) as string }
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
