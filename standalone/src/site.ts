// One origin for page, issuer and API.
import type { openApi } from '@latchkey/api'

type App = Awaited<ReturnType<typeof openApi>>
type Connection = Parameters<App['fetch']>[1]
type Apps = { issuer: App; api: App }

export type Site = {
  fetch: App['fetch']
  /** From here on requests reach the apps; before, they are asked to come back. */
  open(apps: Apps): void
  /** Not ready any more, while every request is still answered. */
  beginStop(): void
  ready(): Promise<boolean>
}

export function createSite(): Site {
  let apps: Apps | null = null
  let isStopping = false

  const ready = async () => {
    if (isStopping || !apps) return false
    const parts = await Promise.all([apps.issuer.ready(), apps.api.ready()])
    return !isStopping && parts.every(Boolean)
  }

  const fetch = async (request: Request, connection: Connection) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/healthz') return answer(request, true)
    if (pathname === '/readyz') return answer(request, await ready())
    if (!apps) return answer(request, false)
    return appFor(pathname, apps).fetch(request, connection)
  }

  return {
    fetch,
    ready,
    open: opened => {
      apps = opened
    },
    beginStop: () => {
      isStopping = true
    },
  }
}

function appFor(pathname: string, { issuer, api }: Apps): App {
  const isBelow = (path: string) => pathname === path || pathname.startsWith(`${path}/`)
  return isBelow('/api') && !isBelow('/api/auth') ? api : issuer
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
