// §8: the method is what the request line says, and the guards stand before every route and every method.
import type { Check, Identity, Kit } from '../check.ts'
import type { Answer, Request } from '../client.ts'
import { statusOf } from '../row.ts'
import {
  answers,
  differenceBetween,
  hasPathUser,
  idOf,
  isGood,
  makeTask,
  objectRoutes,
  sample,
  stands,
} from './own-tasks.ts'

const OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override', 'X-Method']

export const checks: Check[] = [
  {
    rows: ['T-142'],
    async run(kit) {
      const task = await makeTask(kit, kit.b)
      const id = idOf(kit, task)
      const read = kit.request('read', { as: kit.b, id })
      await kit.between('T-142', async () => {
        for (const verb of ['DELETE', 'PUT', 'PATCH']) {
          const headers = OVERRIDES.map(name => [name, verb] as [string, string])
          const body = JSON.stringify(sample(kit, 'create', { [kit.profile.task.title]: 'Overridden' }))
          for (const override of headers) {
            for (const method of ['GET', 'POST']) await kit.send(overridden(read, { method, override, body }))
          }
          await kit.send({ ...read, target: `${read.target}?_method=${verb}` })
          await kit.send({ ...read, method: 'POST', target: `${read.target}?_method=${verb}` })
          const form: [string, string][] = [['Content-Type', 'application/x-www-form-urlencoded']]
          await kit.send({
            ...read,
            method: 'POST',
            headers: [...read.headers!, ...form],
            body: `_method=${verb}`,
          })
          const create = await kit.ask('create', { as: kit.b, headers })
          kit.row('T-142').is(isGood(create), `creating with an override answers ${statusOf(create)}`, create)
        }
      })
      await stands(kit, 'T-142', kit.b, task)
    },
  },
  {
    rows: ['T-143'],
    async run(kit) {
      const id = idOf(kit, await makeTask(kit, kit.b))
      await asGet(kit, 'the own task', kit.request('read', { as: kit.b, id }))
      await asGet(kit, 'a task that never was', kit.request('read', { as: kit.b, id: kit.unknownTask }))
      await asGet(kit, "A's task", kit.request('read', { as: kit.b, id: kit.a.tasks[0] }))
      if (hasPathUser(kit)) await asGet(kit, "A's path", kit.request('list', { as: kit.b, owner: kit.a }))
      for (const owner of [kit.a, kit.b, kit.unknownUser])
        await asGet(kit, 'no token', kit.request('list', { owner }))
      const raw = await kit.sendRaw(
        kit.bytesOf({ ...kit.request('read', { as: kit.b, id }), method: 'HEAD' }),
        { as: kit.b },
      )
      const [answer] = raw.answers
      kit
        .row('T-143')
        .is(
          answer?.status === 200 && answer.bytes.length === raw.bytes.length,
          'HEAD is answered with a body',
          answer,
        )
    },
  },
  {
    rows: ['T-144'],
    async run(kit) {
      const preflight: [string, string][] = [
        ['Origin', kit.profile.choices.origins[0] ?? 'https://page.example'],
        ['Access-Control-Request-Method', 'DELETE'],
        ['Access-Control-Request-Headers', 'authorization'],
      ]
      for (const headers of [[], preflight]) {
        const ask = (owner: Identity | string, id?: string) =>
          kit.send({ ...kit.request(id ? 'read' : 'list', { owner, id }), method: 'OPTIONS', headers })
        const own = await ask(kit.b)
        const task = await ask(kit.b, kit.unknownTask)
        const row = kit.row('T-144')
        row.unharmed(own, 'OPTIONS')
        for (const owner of [kit.a, kit.unknownUser]) {
          const difference = differenceBetween(kit, await ask(owner), own)
          row.is(difference === null, `OPTIONS of the own path and another: ${difference}`, own)
        }
        for (const id of [kit.a.tasks[0]!, kit.b.tasks[0]!]) {
          const answer = await ask(kit.b, id)
          const difference = differenceBetween(kit, answer, task)
          row.is(
            difference === null,
            `OPTIONS of a task that is there and of one that is not: ${difference}`,
            answer,
          )
        }
      }
    },
  },
  {
    rows: ['T-145'],
    async run(kit) {
      const marker = `kit${kit.random.text(12)}`
      await kit.between('T-145', async () => {
        for (const method of ['TRACE', 'TRACK']) {
          for (const route of ['list', 'create'] as const) {
            const request = {
              ...kit.request(route, { as: kit.b, headers: [['X-Kit', marker]] }),
              method,
              fresh: true,
            }
            const answer = await kit.send(request)
            // A parser that knows no such method says 400.
            answers(kit, 'T-145', answer, [400, 404, 405, 501], method)
            const isEcho = [kit.b.token, marker].some(text => answer.bytes.includes(text))
            kit.row('T-145').is(!isEcho, `${method} repeats the request`, answer)
          }
        }
      })
    },
  },
  {
    rows: ['T-146'],
    async run(kit) {
      const methods = ['PROPFIND', 'FOO', 'get', 'QUERY', 'DEBUG', 'LINK', 'PURGE', ...unsupported(kit)]
      await kit.between('T-146', async () => {
        for (const method of new Set(methods)) await isNotAllowed(kit, method)
      })
    },
  },
  {
    rows: ['T-147'],
    async run(kit) {
      await kit.between('T-147', async () => {
        for (const route of Object.keys(kit.profile.routes)) {
          const plain = kit.request(route, { owner: kit.b, id: kit.b.tasks[0] })
          for (const target of spellings(plain.target)) {
            const answer = await kit.send({ ...plain, target, fresh: true })
            answers(kit, 'T-147', answer, [400, 401, 404], `${plain.method} ${target} without a token`)
          }
        }
      })
    },
  },
  {
    rows: ['T-148'],
    async run(kit) {
      const { target } = kit.request('list', { owner: kit.b })
      const name = `kit${kit.random.text(8)}`
      const unknown = [
        `${target}/x/${name}`,
        `${target.slice(0, target.lastIndexOf('/'))}/${name}`,
        `${apiRoot(kit)}${name}`,
      ]
      for (const method of ['GET', 'POST', 'DELETE']) {
        const ask = (path: string, as?: Identity) =>
          kit.send({
            method,
            target: path,
            headers: as ? [['Authorization', `Bearer ${as.token}`]] : [],
            as: as ?? null,
          })
        const known = await ask(target)
        const one = await ask(unknown[0]!, kit.b)
        for (const path of unknown) {
          const without = differenceBetween(kit, await ask(path), known)
          kit
            .row('T-148')
            .is(
              without === null,
              `${method} of a route there is not and of one there is, without a token: ${without}`,
              known,
            )
          const answer = await ask(path, kit.b)
          const difference =
            answer.status === 404 ? differenceBetween(kit, answer, one) : `it is ${statusOf(answer)}`
          kit
            .row('T-148')
            .is(difference === null, `${method} of two routes that are not there: ${difference}`, answer)
        }
      }
    },
  },
  {
    rows: ['T-149'],
    async run(kit) {
      const gone = idOf(kit, await makeTask(kit, kit.b))
      await kit.ask('delete', { as: kit.b, id: gone })
      const formats = [
        'x',
        '1',
        '-1',
        '0',
        '9223372036854775808',
        '1e3',
        'null',
        '%00',
        `${gone}%00`,
        '%20',
        'x'.repeat(300),
      ]
      const uuids = [
        '00000000-0000-0000-0000-000000000000',
        'ffffffff-ffff-4fff-bfff-ffffffffffff',
        gone.toUpperCase(),
        gone.slice(1),
      ]
      await kit.between('T-149', async () => {
        for (const id of [...formats, ...uuids, gone, kit.a.tasks[0]!, kit.unknownTask, "'%20or%201=1--"]) {
          for (const route of objectRoutes(kit)) {
            const answer = await kit.ask(route, { as: kit.b, id })
            kit.row('T-149').missing404(answer, `${route} of the task ${id.slice(0, 60)}`)
          }
        }
      })
    },
  },
  {
    rows: ['T-150'],
    async run(kit) {
      const documented = kit.profile.choices.documented
      const fallback = await kit.send({ method: 'GET', target: `/kit-${kit.random.text(12)}`, as: null })
      for (const target of PRIVATE.filter(path => !documented.includes(path))) {
        const answer = await kit.send({ method: 'GET', target, as: null, headers: [['Accept', 'text/html']] })
        // A page that answers every path with itself shows nothing by it.
        const isPage = isGood(answer) && isGood(fallback) && answer.body.equals(fallback.body)
        const isShut = [400, 401, 403, 404, 405].includes(answer.status)
        kit.row('T-150').is(isPage || isShut, `${target} answers ${statusOf(answer)}`, answer)
      }
    },
  },
]

/** What is often served without anybody having meant to. */
const PRIVATE = [
  ...[
    '/docs',
    '/redoc',
    '/api/docs',
    '/openapi.json',
    '/api/openapi.json',
    '/swagger.json',
    '/swagger-ui',
    '/graphql',
  ],
  ...[
    '/metrics',
    '/api/metrics',
    '/debug',
    '/debug/pprof',
    '/debug/vars',
    '/status',
    '/server-status',
    '/actuator',
    '/actuator/env',
  ],
  ...[
    '/health',
    '/healthz',
    '/ready',
    '/readyz',
    '/version',
    '/info',
    '/env',
    '/config',
    '/admin',
    '/api/admin',
    '/api/users',
  ],
  ...[
    '/.env',
    '/.env.example',
    '/.git/HEAD',
    '/.git/config',
    '/.npmrc',
    '/.dockerenv',
    '/.well-known/keys',
    '/%2eenv',
    '/..%2f.env',
  ],
  ...[
    '/package.json',
    '/package-lock.json',
    '/node_modules/',
    '/node_modules/hono/package.json',
    '/src/main.ts',
    '/main.py',
    '/requirements.txt',
  ],
  ...[
    '/internal',
    '/internal/revocations',
    '/internal/feed',
    '/api/internal/revocations',
    '/revocations',
    '/api/revocations',
    '/console',
    '/phpinfo.php',
  ],
]

function overridden(
  request: Request,
  { method, override, body }: { method: string; override: [string, string]; body: string },
): Request {
  const headers: [string, string][] = [override, ['Content-Type', 'application/json']]
  return {
    ...request,
    method,
    headers: [...request.headers!, ...headers],
    ...(method === 'POST' && { body }),
  }
}

/** The status, header names and values of GET, and nothing else. */
async function asGet(kit: Kit, why: string, request: Request): Promise<void> {
  const get = await kit.send(request)
  const head = await kit.send({ ...request, method: 'HEAD' })
  const difference = differenceBetween(kit, headOf(head), headOf(get))
  kit
    .row('T-143')
    .is(
      difference === null && head.body.length === 0,
      `HEAD of ${why} is not GET without a body: ${difference}`,
      head,
    )
}

/** Without its body, and its fields in an order of their own: RFC 9110 §5.1 and §5.3 give case and order no meaning. */
function headOf(answer: Answer): Answer {
  const headers = answer.headers
    // RFC 9110 §9.3.2: what is known only from the content may be left out.
    .filter(([name]) => !/^(content-length|transfer-encoding)$/i.test(name))
    .map(([name, value]) => [name.toLowerCase(), value] as [string, string])
    .toSorted(([one], [other]) => one.localeCompare(other))
  return { ...answer, headers, body: Buffer.alloc(0), text: '', json: undefined }
}

/** Verbs of other routes that the list has not. */
function unsupported(kit: Kit): string[] {
  const path = kit.profile.routes.list!.path
  const there = Object.values(kit.profile.routes)
    .filter(route => route.path === path)
    .map(({ method }) => method)
  return ['PUT', 'PATCH', 'DELETE', 'POST'].filter(method => !there.includes(method))
}

async function isNotAllowed(kit: Kit, method: string): Promise<void> {
  const ask = (owner: Identity | string) =>
    kit.send({ ...kit.request('list', { as: kit.b, owner }), method, fresh: true })
  const own = await ask(kit.b)
  const row = kit.row('T-146')
  const isTold = own.status !== 405 || own.header('allow') !== undefined
  row.is(
    [400, 405, 501].includes(own.status) && isTold,
    `${method} answers ${statusOf(own)}${isTold ? '' : ' without Allow'}`,
    own,
  )
  if (!hasPathUser(kit)) return
  const [foreign, nobodys] = [await ask(kit.a), await ask(kit.unknownUser)]
  const difference = differenceBetween(kit, foreign, nobodys)
  row.is(difference === null, `${method} on A's path and on nobody's: ${difference}`, foreign)
  row.is(
    own.status === 400 || foreign.status !== 405,
    `${method} on A's path is told apart by Allow`,
    foreign,
  )
}

function spellings(target: string): string[] {
  const suffixes = ['', '.json', '%20', '%23', '?', '/', '//', '/.', '%2f', ';x', '?x=1', '%00', '.css']
  const slashes = [
    `/${target}`,
    target.replace('/', '/./'),
    target.replace('/', '/x/../'),
    target.replaceAll('/', '//'),
  ]
  return [...suffixes.map(suffix => target + suffix), target.toUpperCase(), ...slashes]
}

/** What all routes begin with, before the user. */
function apiRoot(kit: Kit): string {
  const path = kit.profile.routes.list!.path
  return path.slice(0, path.includes('{user}') ? path.indexOf('{user}') : path.lastIndexOf('/') + 1)
}
