import type { HeaderFields } from './problem.ts'

/** On every answer, whoever wrote it: nothing here is a document, and nothing here may be kept. */
export const SECURITY_HEADERS: Readonly<HeaderFields> = Object.freeze({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
})
