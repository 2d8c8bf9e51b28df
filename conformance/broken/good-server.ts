// The tiny good server: issuer and API in memory, on node:http, by the profile the requirements describe. Its faults
// are switches: `state.has('…')` is where an honest programmer would have written something else.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerTo } from './exchange.ts'
import { frame, serverOptions } from './framing.ts'
import { tasks } from './routing.ts'
import { createState, type Part, type State, type Variant } from './state.ts'

/** Each looks whether a request is its own; the first that answers is the last asked. */
const parts: Part[] = [tasks]

export interface GoodServer {
  url: string
  state: State
  close(): Promise<void>
}

export async function startGoodServer(
  faults: Iterable<string> = [],
  variant: Variant = 'hs256',
): Promise<GoodServer> {
  const state = createState(faults, variant)
  const server = createServer(serverOptions(state))
  frame(server, state, (request, response) => void answerTo(request, response, state, parts))
  const { promise, resolve } = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  state.url = `http://127.0.0.1:${port}`
  return {
    url: state.url,
    state,
    async close() {
      const closed = Promise.withResolvers<void>()
      server.close(() => closed.resolve())
      server.closeAllConnections()
      await closed.promise
    },
  }
}
