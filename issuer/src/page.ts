import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import type { IssuerEnv } from './env.ts'

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.webmanifest': 'application/manifest+json; charset=utf-8',
}
/** The page's own routes. Any other address gets the same page as a 404, which then says so. */
const ROUTES =
  /^\/(?:sign-in|sign-up|account|tasks|today|upcoming|inbox|done|trash|search|(?:lists|tags)\/[^/]+)?$/

const CONFIG = '/config.json'

interface PageFile {
  type: string
  etag: string
  cacheControl: string
  body: Buffer<ArrayBuffer>
  br?: Buffer<ArrayBuffer>
  gzip?: Buffer<ArrayBuffer>
}

/** Serves the built page from memory: no request ever reaches the file system. */
export function createPage(folder: string, env: IssuerEnv) {
  const files = loadFiles(folder)
  const index = files.get('/index.html')
  const config = JSON.stringify({ api_url: env.apiUrl, sign_up: env.signUp, features: env.apiFeatures })
  const headers = pageHeaders(env)

  function answer(request: Request, path: string): Response {
    const response = find(request, path)
    return request.method === 'HEAD' ? new Response(null, response) : response
  }

  function find(request: Request, path: string): Response {
    const file = path === '/index.html' ? undefined : ROUTES.test(path) ? index : files.get(path)
    if (request.method !== 'GET' && request.method !== 'HEAD')
      return file || path === CONFIG ? say(405, 'Method Not Allowed', { allow: 'GET, HEAD' }) : notFound()
    if (path === CONFIG) return say(200, config, { 'content-type': TYPES['.json']! })
    if (file) return send(request, file, 200)
    if (index && extname(path) === '' && !path.startsWith('/.')) return send(request, index, 404)
    return notFound()
  }

  function say(status: number, text: string, more: Record<string, string> = {}): Response {
    const common = { ...headers, 'content-type': TYPES['.txt']!, 'cache-control': 'no-store' }
    return new Response(text, { status, headers: { ...common, ...more } })
  }

  const notFound = () => say(404, 'Not Found')

  function send(request: Request, file: PageFile, status: number): Response {
    const common = {
      ...headers,
      'content-type': file.type,
      'cache-control': status === 200 ? file.cacheControl : 'no-store',
      etag: file.etag,
      vary: 'Accept-Encoding',
    }
    if (status === 200 && request.headers.get('if-none-match') === file.etag)
      return new Response(null, { status: 304, headers: common })
    const accepted = request.headers.get('accept-encoding') ?? ''
    const encoding = (['br', 'gzip'] as const).find(name => file[name] && accepts(accepted, name))
    const body = encoding ? file[encoding]! : file.body
    return new Response(body, {
      status,
      headers: encoding ? { ...common, 'content-encoding': encoding } : common,
    })
  }

  return { answer, ready: () => index !== undefined }
}
export type Page = ReturnType<typeof createPage>

/** RFC 9110 §12.5.3: named, and not with a weight of zero. */
function accepts(header: string, encoding: string): boolean {
  return header.split(',').some(part => {
    const [name, ...weight] = part.split(';').map(piece => piece.trim())
    return name === encoding && !weight.some(piece => /^q=0(\.0*)?$/.test(piece))
  })
}

/** No inline script or style, no nonce, no foreign source; scripts cannot build HTML (Trusted Types). */
function pageHeaders(env: IssuerEnv): Record<string, string> {
  const connect = env.apiUrl === env.issuerUrl ? "'self'" : `'self' ${env.apiUrl}`
  return {
    'content-security-policy': [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      `connect-src ${connect}`,
      "manifest-src 'self'",
      "worker-src 'self'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; '),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    ...(env.issuerUrl.startsWith('https:') && { 'strict-transport-security': 'max-age=63072000' }),
  }
}

function loadFiles(folder: string): Map<string, PageFile> {
  const names = listFiles(folder)
  const contents = new Map(names.map(name => [name, readFileSync(join(folder, name))]))
  return new Map(
    names
      .filter(name => TYPES[extname(name)])
      .map(name => {
        const path = `/${name.split(sep).join('/')}`
        return [
          path,
          toPageFile(path, contents.get(name)!, contents.get(`${name}.br`), contents.get(`${name}.gz`)),
        ]
      }),
  )
}

function listFiles(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => relative(folder, join(entry.parentPath, entry.name)))
  } catch {
    return []
  }
}

function toPageFile(
  path: string,
  body: PageFile['body'],
  br?: PageFile['br'],
  gzip?: PageFile['gzip'],
): PageFile {
  return {
    type: TYPES[extname(path)]!,
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    cacheControl: path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    body,
    br,
    gzip,
  }
}
