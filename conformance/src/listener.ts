import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Listener } from './check.ts'

/** On IPv4 and IPv6 loopback alike; whoever asks is counted and gets an empty key set. */
export async function openListener(): Promise<Listener & { close(): void }> {
  const hits: Listener['hits'] = []
  const server = createServer((request, response) => {
    const headers: [string, string][] = []
    for (let at = 0; at < request.rawHeaders.length; at += 2) {
      headers.push([request.rawHeaders[at]!, request.rawHeaders[at + 1]!])
    }
    hits.push({ method: request.method!, target: request.url!, headers })
    response.setHeader('Content-Type', 'application/json').end('{"keys":[]}')
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  // Where there is no IPv6, IPv4 alone.
  server.once('error', () => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  server.listen(0, '::', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return {
    port,
    hits,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}
