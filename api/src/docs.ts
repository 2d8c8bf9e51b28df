import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { OpenAPIHono } from '@hono/zod-openapi'
import { type ApiContext, answer, answerJson } from './answer.ts'

type Api = OpenAPIHono<ApiContext>

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Latchkey API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`
const START = `window.SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#swagger-ui', deepLinking: true })\n`

/** Everything the page needs comes from here, and nothing of it is written into the page. */
const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const CSS = 'text/css; charset=utf-8'
const JAVASCRIPT = 'text/javascript; charset=utf-8'

/** The OpenAPI document, made from the contract, and Swagger UI to read it with. */
export function mountDocs(app: Api, apiUrl: string): void {
  let document: string | undefined
  app.get('/api/openapi.json', c => {
    document ??= JSON.stringify(describeApi(app, apiUrl))
    return answerJson(c, 200, document)
  })
  app.get('/api/docs', c =>
    answer(c, 200, PAGE, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': PAGE_POLICY,
    }),
  )
  app.get('/api/docs/start.js', c => answer(c, 200, START, { 'Content-Type': JAVASCRIPT }))
  for (const [file, type] of [
    ['swagger-ui.css', CSS],
    ['swagger-ui-bundle.js', JAVASCRIPT],
  ] as const) {
    let text: Promise<string> | undefined
    app.get(`/api/docs/${file}`, async c => {
      text ??= readFile(createRequire(import.meta.url).resolve(`swagger-ui-dist/${file}`), 'utf8')
      return answer(c, 200, await text, { 'Content-Type': type })
    })
  }
}

function describeApi(app: Api, apiUrl: string) {
  const description = 'Tasks of the account that holds the access token. Sign in at the issuer to get one.'
  app.openAPIRegistry.registerComponent('securitySchemes', 'accessToken', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'at+jwt',
    description: 'An access token of the issuer (RFC 6750, RFC 9068).',
  })
  return app.getOpenAPI31Document({
    openapi: '3.1.0',
    info: { title: 'Latchkey API', version: '1', description, license: { name: 'Apache-2.0' } },
    servers: [{ url: apiUrl }],
  })
}
