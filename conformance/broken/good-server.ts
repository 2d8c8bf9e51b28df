// The tiny good server: issuer and API in memory, on node:http, by the profile the requirements describe. Its faults
// are switches: `state.has('…')` is where an honest programmer would have written something else.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { issuer } from './accounts/accounts.ts'
import { cors } from './accounts/cors.ts'
import { events, upgrade } from './accounts/events.ts'
import { page } from './accounts/page.ts'
import { answerTo } from './exchange.ts'
import { frame, serverOptions } from './framing.ts'
import { pageScript } from './page-script.ts'
import { tasks } from './routing.ts'
import { createState, type Part, type State, type Variant } from './state.ts'

/** Each looks whether a request is its own; the first that answers is the last asked. */
const parts: Part[] = [cors, page, pageScript, issuer, events, tasks]

export interface GoodServer {
  url: string
  /** What stands at port 80 where the real one is behind TLS. */
  plainUrl: string
  state: State
  /** The state as each instance of the API has it: they share all but what they know of revocations. */
  instances: State[]
  close(): Promise<void>
}

export async function startGoodServer(
  faults: Iterable<string> = [],
  variant: Variant = 'hs256',
): Promise<GoodServer> {
  const state = createState(faults, variant)
  const second: State = { ...state, revoked: state.accounts.feed.join() }
  const servers = [await listen(state), await listen(second)]
  const plain = await listenPlain(state)
  state.url = servers[0]!.url
  second.url = servers[1]!.url
  return {
    url: state.url,
    plainUrl: plain.url,
    state,
    instances: [state, second],
    async close() {
      state.streams.close()
      for (const server of [...servers, plain]) await server.close()
    },
  }
}

async function listen(state: State) {
  const server = createServer(serverOptions(state))
  frame(server, state, (request, response) => void answerTo(request, response, state, parts))
  if (!state.has('upgrades-to-anything'))
    server.on('upgrade', (request, socket) => upgrade(request, socket, state))
  return await open(server)
}

/** Says no: a redirect would hide that a token has gone over the wire. */
async function listenPlain(state: State) {
  const isLed = state.has('redirects-from-plain-http')
  const server = createServer((request, response) => {
    if (isLed) response.writeHead(308, { Location: `${state.url}${request.url}` }).end()
    else response.writeHead(403, { Connection: 'close' }).end()
  })
  return await open(server)
}

async function open(server: Server) {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}
