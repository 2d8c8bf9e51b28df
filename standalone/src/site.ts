// What every server of ours has in front of its app: health, readiness, and 503 until the app is open.
import { setTimeout as sleep } from 'node:timers/promises'
import type { openApi } from '@latchkey/api'
import type { Stopping } from './stop-signals.ts'

export type App = Pick<Awaited<ReturnType<typeof openApi>>, 'fetch' | 'ready' | 'close'>
type Connection = Parameters<App['fetch']>[1]
type Served = Pick<App, 'fetch' | 'ready'>

export type Site = {
  fetch: App['fetch']
  /** From here on requests reach the app; before, they are asked to come back. */
  open(app: Served): void
  /** Not ready any more, while every request is still answered. */
  beginStop(): void
  ready(): Promise<boolean>
}

export function createSite(): Site {
  let app: Served | null = null
  let isStopping = false

  const ready = async () => {
    const isReady = app !== null && (await app.ready())
    return isReady && !isStopping
  }

  const fetch = async (request: Request, connection: Connection) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/healthz') return answer(request, true)
    if (pathname === '/readyz') return answer(request, await ready())
    return app ? app.fetch(request, connection) : answer(request, false)
  }

  return {
    fetch,
    ready,
    open: opened => {
      app = opened
    },
    beginStop: () => {
      isStopping = true
    },
  }
}

/** Page, issuer and API on one origin. */
export function joinApps(issuer: Served, api: Served): Served {
  const appFor = (pathname: string) => {
    const isBelow = (path: string) => pathname === path || pathname.startsWith(`${path}/`)
    return isBelow('/api') && !isBelow('/api/auth') ? api : issuer
  }
  return {
    fetch: (request, connection) => appFor(new URL(request.url).pathname).fetch(request, connection),
    ready: async () => (await Promise.all([issuer.ready(), api.ready()])).every(Boolean),
  }
}

function answer(request: Request, isGood: boolean): Response {
  const headers = { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' }
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return Response.json({ status: 'error' }, { status: 405, headers: { ...headers, Allow: 'GET, HEAD' } })
  if (isGood) return Response.json({ status: 'ok' }, { headers })
  return Response.json(
    { status: 'unavailable' },
    { status: 503, headers: { ...headers, 'Retry-After': '1' } },
  )
}

export async function waitUntilReady(site: Site, { signal }: Stopping): Promise<void> {
  while (!(await site.ready())) {
    signal.throwIfAborted()
    await sleep(10)
  }
}
