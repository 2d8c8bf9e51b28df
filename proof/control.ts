// The kit's hooks are commands; each talks to the run that holds the servers, through a socket in its folder.
import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { HookFunctions } from '../conformance/src/hooks.ts'

interface Call {
  name: string
  asks: unknown
}

/** One call a connection: a JSON object in, a JSON object out, or a sentence under `fault`. */
export async function serveHooks(hooks: HookFunctions, path: string): Promise<{ close(): void }> {
  const server = createServer({ allowHalfOpen: true }, socket => void answer(hooks, socket))
  server.listen(path)
  await once(server, 'listening')
  return { close: () => void server.close() }
}

async function answer(hooks: HookFunctions, socket: Socket): Promise<void> {
  const said = await readAll(socket)
    .then(call => run(hooks, JSON.parse(call)))
    .catch(error => ({ fault: (error as Error).stack }))
  socket.end(JSON.stringify(said))
}

/** As events: whoever iterates over a socket closes it with the last byte, and it has an answer to carry yet. */
async function readAll(socket: Socket): Promise<string> {
  let text = ''
  socket.setEncoding('utf8').on('data', piece => {
    text += piece
  })
  socket.on('error', () => {})
  await once(socket, 'end')
  return text
}

async function run(hooks: HookFunctions, { name, asks }: Call): Promise<unknown> {
  const hook = Object.hasOwn(hooks, name) ? hooks[name as keyof HookFunctions] : undefined
  if (!hook) throw new Error(`there is no hook ${name}`)
  return (await hook(asks as never)) ?? {}
}
