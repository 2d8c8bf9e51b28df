// The profile of one of our deployments, as the kit reads it: JSON is YAML.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { HookName } from '../conformance/src/hooks.ts'
import { type Deployment, type ForgingKey, LIMITS } from './deployment.ts'

/** What Latchkey does not have, wherever it runs. */
const ABSENT = [
  'password-reset',
  'change-email',
  'email-verification',
  'ban',
  'streams',
  'websocket',
  'export',
]

export interface ProfileParts {
  deployment: Deployment
  /** The socket of control.ts, and the hooks that are served there. */
  socket: string
  hooks: readonly HookName[]
}

export async function createProfile({ deployment, socket, hooks }: ProfileParts): Promise<object> {
  const { name, apiUrls, issuerUrl, algorithm, certificateFile, feed } = deployment
  const absent = [
    ...ABSENT,
    ...(certificateFile ? [] : ['tls']),
    ...(feed ? [] : ['replicas', 'feed-network']),
  ]
  return {
    name: `Latchkey, ${name}`,
    api: { url: apiUrls[0], ...(apiUrls.length > 1 && { replicas: apiUrls.slice(1) }) },
    issuer: { url: issuerUrl, origin: issuerUrl },
    ...(certificateFile && { ca: certificateFile }),
    absent,
    accounts: { headers: { Origin: issuerUrl }, recipe: RECIPE },
    token: {
      alg: algorithm,
      typ: 'at+jwt',
      repeatsSubject: ['user_id'],
      keys: (await deployment.keys()).map(key => keyOf(key, algorithm)),
    },
    routes: ROUTES,
    task: TASK,
    errors: {
      varying: ['date', 'x-request-id', 'server-timing'],
      varyingMembers: ['id'],
      expired: { pointer: '/code', value: 'token_expired' },
    },
    limits: { title: 200, description: 10_000, body: 65_536, page: 100 },
    choices: choicesOf(deployment),
    hooks: Object.fromEntries(hooks.map(hook => [hook, commandOf(socket, hook)])),
  }
}

const keyOf = ({ kid, secret }: ForgingKey, alg: string) =>
  typeof secret === 'string' ? { kid, alg, secret } : { kid, alg, privateKey: JSON.stringify(secret) }

/** Values that a copy of .env.example would bring along. */
const EXAMPLES = readFileSync(join(import.meta.dirname, '../.env.example'), 'utf8')
  .match(/\bexample-[\w-]{10,}/g)!
  .flatMap(text => [text, text.replace(/^example-\d{4}-\d\d:/, '')])

const HOOK = join(import.meta.dirname, 'hook.ts')

const commandOf = (socket: string, hook: HookName) => [process.execPath, HOOK, socket, hook]

const post = (path: string, body: object = {}) => ({ method: 'POST', path: `/api/auth${path}`, body })
const get = (path: string) => ({ method: 'GET', path: `/api/auth${path}` })
const credentials = { email: '{email}', password: '{password}' }

const RECIPE = {
  signUp: {
    ...post('/sign-up/email', { ...credentials, name: '{name}' }),
    id: '/user/id',
    token: '/access_token',
  },
  signIn: { ...post('/sign-in/email', credentials), id: '/user/id', token: '/access_token' },
  signOut: post('/sign-out'),
  token: { ...get('/token'), token: '/access_token' },
  getSession: get('/get-session'),
  listSessions: get('/list-sessions'),
  revokeSession: post('/revoke-session', { token: '{sessionId}' }),
  revokeOtherSessions: post('/revoke-other-sessions'),
  revokeSessions: post('/revoke-sessions'),
  changePassword: post('/change-password', { currentPassword: '{password}', newPassword: '{newPassword}' }),
  deleteAccount: post('/delete-user', { password: '{password}' }),
}

const TASKS = '/api/{user}/tasks'
/** Well-formed, and never anybody's. */
const NO_TAG = '019aa000-0000-7000-8000-000000000000'
const ROUTES = {
  list: { method: 'GET', path: TASKS },
  create: { method: 'POST', path: TASKS, body: { title: 'A task {random}' } },
  read: { method: 'GET', path: `${TASKS}/{id}` },
  replace: { method: 'PUT', path: `${TASKS}/{id}`, body: { title: 'Replaced {random}' } },
  change: { method: 'PATCH', path: `${TASKS}/{id}`, body: { title: 'Changed {random}' } },
  delete: { method: 'DELETE', path: `${TASKS}/{id}` },
  complete: { method: 'PATCH', path: `${TASKS}/{id}/complete` },
  bulk: { method: 'PATCH', path: TASKS, body: { changes: [{ id: '{id}', title: 'Changed with others' }] } },
  trash: { method: 'GET', path: `${TASKS}?trash=true` },
  restore: { method: 'POST', path: `${TASKS}/{id}/restore` },
  purge: { method: 'DELETE', path: '/api/{user}/trash/{id}' },
  'empty-trash': { method: 'DELETE', path: '/api/{user}/trash' },
  counts: { method: 'GET', path: '/api/{user}/counts?today=2026-11-21' },
  lists: { method: 'GET', path: '/api/{user}/lists' },
  'put-list': { method: 'PUT', path: '/api/{user}/lists/{id}', body: { name: 'A list {random}' } },
  'read-list': { method: 'GET', path: '/api/{user}/lists/{id}' },
  'change-list': { method: 'PATCH', path: '/api/{user}/lists/{id}', body: { name: 'Renamed {random}' } },
  'delete-list': { method: 'DELETE', path: '/api/{user}/lists/{id}' },
  'restore-list': { method: 'POST', path: '/api/{user}/lists/{id}/restore' },
  tags: { method: 'GET', path: '/api/{user}/tags' },
  'rename-tag': { method: 'PATCH', path: '/api/{user}/tags/{id}', body: { name: 'renamed{random}' } },
  'delete-tag': { method: 'DELETE', path: '/api/{user}/tags/{id}' },
  'merge-tag': { method: 'POST', path: '/api/{user}/tags/{id}/merge', body: { into: NO_TAG } },
}

const DAY = 24 * 60 * 60

/** What the requirements leave to a target, and what our documents say of it. */
function choicesOf({ issuerUrl, algorithm, certificateFile }: Deployment) {
  return {
    documented: ['/api/docs', '/api/openapi.json', '/healthz', '/readyz'],
    sorts: ['newest', 'due', 'position', 'priority'],
    filters: ['list={list}', 'parent={task}', 'tag={canary}', 'q={canary}'],
    references: ['parent', 'list=put-list'],
    taskPage: '/inbox',
    requestTimeout: 30,
    pageOrigin: issuerUrl,
    product: 'Latchkey',
    guessableSecrets: EXAMPLES,
    ...(algorithm === 'EdDSA' && { jwks: '/api/auth/jwks' }),
    sessionCookie: certificateFile ? '__Host-latchkey.session_token' : 'latchkey.session_token',
    sessionMaxAge: 7 * DAY,
    sessionIdle: 7 * DAY,
    sessionAbsolute: 30 * DAY,
    // FR-007: the page clears what it has stored, and keeps how it looks.
    signOutClears: 'page',
    passwordMin: 12,
    passwordMax: 128,
    // US1.4: a person must learn that their email is taken.
    takenEmail: 'told',
    signUpsPerMinute: Number(LIMITS.LIMIT_ATTEMPTS_PER_MINUTE),
    failuresPerAccountAndAddress: 10,
    failuresPerAccount: 100,
    feedPath: '/api/auth/revocations',
  }
}

const TASK = {
  id: 'id',
  title: 'title',
  description: 'description',
  completed: 'completed',
  owner: 'user_id',
  members: [
    'id',
    'user_id',
    'title',
    'description',
    'completed',
    'created_at',
    'updated_at',
    'due',
    'priority',
    'tags',
    'list',
    'parent',
    'position',
    'recurrence',
    'completed_at',
    'deleted_at',
    'revision',
    'subtasks',
    'next',
  ],
}
