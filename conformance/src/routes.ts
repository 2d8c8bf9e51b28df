// Requests of the profile's routes.
import type { Ask } from './check.ts'
import type { Request } from './client.ts'
import { KitFault } from './faults.ts'
import type { Profile, RouteName } from './profile.ts'
import type { Random } from './random.ts'

export function createRoutes(profile: Profile, random: Random) {
  return function request(
    name: RouteName,
    { as, token, owner = as, id, body, query = '', headers = [] }: Ask = {},
  ): Request {
    const route = profile.routes[name]
    if (!route) throw new KitFault(`the profile has no route ${name}`)
    const user = typeof owner === 'string' ? owner : (owner?.id ?? '')
    const target = route.path.replaceAll('{user}', user).replaceAll('{id}', id ?? '') + query
    const content = bytesOf(body === undefined ? route.body : body)
    const bearer = token ?? as?.token
    return {
      method: route.method,
      target,
      ...(as && { as }),
      headers: [
        ...(bearer === undefined ? [] : [['Authorization', `Bearer ${bearer}`] as [string, string]]),
        ...(content === undefined ? [] : [['Content-Type', 'application/json'] as [string, string]]),
        ...headers,
      ],
      body: content,
    }
  }

  function bytesOf(body: unknown): Buffer | string | undefined {
    if (body === undefined || typeof body === 'string' || Buffer.isBuffer(body)) return body
    return JSON.stringify(body).replaceAll('{random}', () => random.text(8))
  }
}
