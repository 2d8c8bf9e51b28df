/** What the server says about itself, read before anything else. */
import { type Fetch, HttpError, sendPatiently } from './http.ts'

export type Config = { api_url: string; sign_up: 'open' | 'closed' | 'first'; features: string[] }

export async function readConfig(fetch: Fetch): Promise<Config> {
  const answer = await (await sendPatiently(fetch, '/config.json', {})).json().catch(() => null)
  if (typeof answer?.api_url !== 'string') throw new HttpError({ status: 200, code: 'unexpected' })
  return { api_url: answer.api_url, sign_up: answer.sign_up ?? 'open', features: answer.features ?? [] }
}
