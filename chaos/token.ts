import { createHmac, randomUUID } from 'node:crypto'
import type { Deployment } from './deployment.ts'
import type { Account, Session } from './journal.ts'

/** A token of a live session as the issuer would sign it, with the times one chooses (seconds since 1970). */
export function signToken(
  { issuerUrl, audience, secrets }: Deployment,
  { id, email }: Account,
  session: Session,
  times: { iat: number; exp: number },
): string {
  const [kid = '', key = ''] = secrets.ACCESS_TOKEN_KEYS.split(':')
  const { sid } = claimsOf(session.token)
  const payload = {
    iss: issuerUrl,
    aud: audience,
    sub: id,
    user_id: id,
    email,
    sid,
    jti: randomUUID(),
    ...times,
  }
  const text = [{ alg: 'HS256', kid, typ: 'at+jwt' }, payload].map(encode).join('.')
  const signature = createHmac('sha256', Buffer.from(key, 'base64url')).update(text).digest('base64url')
  return `${text}.${signature}`
}

export function claimsOf(token: string): { sid: string; iat: number; exp: number } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())
}

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
