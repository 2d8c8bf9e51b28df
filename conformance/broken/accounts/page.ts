import type { Exchange } from '../exchange.ts'
import type { State } from '../state.ts'

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** The one page of the good server. */
export function page({ path, method, response }: Exchange, state: State): boolean {
  if (path !== '/' || (method !== 'GET' && method !== 'HEAD')) return false
  const isLax = state.has('page-with-inline-scripts')
  const policy = state.has('page-with-inline-elements')
    ? `${POLICY}; script-src-elem 'self' 'unsafe-inline'`
    : POLICY
  const script = isLax
    ? '<script>window.config = {}</script>'
    : '<script type="module" src="/page.js"></script>'
  response.writeHead(200, {
    'Content-Type': state.has('page-without-charset') ? 'text/html' : 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Content-Security-Policy': isLax
      ? POLICY.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'")
      : policy,
    ...(!state.has('page-without-opener-policy') && { 'Cross-Origin-Opener-Policy': 'same-origin' }),
  })
  response.end(`<!doctype html><html lang="en"><title>Good</title>${script}</html>`)
  return true
}
