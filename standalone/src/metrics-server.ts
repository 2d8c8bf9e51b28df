// The figures of a process for Prometheus, at /metrics of a port of their own: whoever reaches it may read them.
import { once } from 'node:events'
import http from 'node:http'
import { collectDefaultMetrics, type Registry } from 'prom-client'
import { StartError } from './start-error.ts'

type Where = { metricsHost: string; metricsPort: number | null }

/** Also measures the process itself: its event loop, memory and time. */
export async function serveMetrics(registry: Registry, where: Where): Promise<{ close(): Promise<void> }> {
  const { metricsHost: host, metricsPort: port } = where
  if (port === null) return { close: async () => {} }
  collectDefaultMetrics({ register: registry })
  const server = http.createServer(
    { requestTimeout: 10_000, keepAliveTimeout: 5_000 },
    (request, response) => {
      void answer(registry, request, response)
    },
  )
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (cause) {
    const { message } = cause as Error
    throw new StartError(`Metrics cannot be shown on ${host}, port ${port}: ${message}`, { cause })
  }
  return {
    close: async () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(
  registry: Registry,
  { method, url }: http.IncomingMessage,
  response: http.ServerResponse,
) {
  response.setHeader('X-Content-Type-Options', 'nosniff')
  if (url !== '/metrics') return response.writeHead(404).end()
  if (method !== 'GET') return response.writeHead(405, { Allow: 'GET' }).end()
  try {
    const text = await registry.metrics()
    response.writeHead(200, { 'Content-Type': registry.contentType, 'Cache-Control': 'no-store' }).end(text)
  } catch {
    response.writeHead(500).end()
  }
}
