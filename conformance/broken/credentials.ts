// Where the good server looks for a token: one Authorization header, and no other place.
import type { Exchange } from './exchange.ts'
import type { State } from './state.ts'

/** The values of Authorization; more than one is refused by who asked. */
export function credentialsIn({ request, query }: Exchange, state: State): string[] {
  const values = request.headersDistinct.authorization ?? []
  if (state.has('last-authorization-wins')) return values.slice(-1)
  if (values.length > 0) return values.map(value => asRead(value, state))
  const { cookie = '' } = request.headers
  const found =
    (state.has('takes-the-token-from-a-cookie') && /(?:^|; )access_token=([^;]+)/.exec(cookie)?.[1]) ||
    (state.has('takes-the-token-from-the-query') && query.get('access_token')) ||
    (state.has('takes-the-token-from-a-gateway') && request.headers['x-access-token'])
  return found ? [`Bearer ${found}`] : []
}

function asRead(value: string, state: State): string {
  if (state.has('cuts-seven-characters')) return `Bearer ${value.slice(7)}`
  if (state.has('takes-the-first-of-several')) return `Bearer ${value.split(/[ ,;]+/)[1]}`
  if (state.has('splits-at-any-white-space')) return value.split(/\s+/).join(' ')
  if (state.has('reads-credentials-as-utf-8'))
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(value, 'latin1'))
  return value
}

/** Behind a gateway that has looked at the token already, it was thought. */
export function namedByGateway({ request }: Exchange, state: State): string | undefined {
  const named = request.headers['x-user-id']
  return state.has('trusts-x-user-id') && typeof named === 'string' ? named : undefined
}
