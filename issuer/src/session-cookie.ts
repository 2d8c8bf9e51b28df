import { createHmac, timingSafeEqual } from 'node:crypto'

/**
 * Better Auth verifies its cookies with the first secret only, so a new secret would sign everybody out, and turn
 * a session that was to end with the browser into a lasting one. A cookie signed with an older one is signed
 * again with the first on its way in; anything else stays as it is.
 */
export function resignCookies(headers: Headers, names: string[], secrets: readonly string[]): void {
  for (const name of names) resignCookie(headers, name, secrets)
}

function resignCookie(headers: Headers, name: string, secrets: readonly string[]): void {
  const [current, ...older] = secrets
  const cookies = headers.get('cookie')?.split(/; */) ?? []
  const at = cookies.findIndex(cookie => cookie.startsWith(`${name}=`))
  const signed = parseSigned(cookies[at]?.slice(name.length + 1))
  if (!current || !signed || !older.some(secret => isSignedWith(secret, signed))) return
  const value = `${signed.token}.${hmac(current, signed.token).toString('base64')}`
  headers.set('cookie', cookies.with(at, `${name}=${encodeURIComponent(value)}`).join('; '))
}

interface SignedToken {
  token: string
  signature: Buffer
}

function parseSigned(value: string | undefined): SignedToken | null {
  try {
    const decoded = decodeURIComponent(value ?? '')
    const dot = decoded.lastIndexOf('.')
    if (dot < 1) return null
    return { token: decoded.slice(0, dot), signature: Buffer.from(decoded.slice(dot + 1), 'base64') }
  } catch {
    return null
  }
}

function isSignedWith(secret: string, { token, signature }: SignedToken): boolean {
  const expected = hmac(secret, token)
  return signature.length === expected.length && timingSafeEqual(signature, expected)
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha256', secret).update(text).digest()
}
