import { generateKeyBetween } from 'fractional-indexing'
import { uuidv7 } from '../../uuid.ts'
import type { List } from '../task.ts'
import type { TaskServices } from '../task-services.ts'
import { AROUND } from '../view-cache.ts'

const KEY = [...AROUND, 'lists']

/** Each name once, whatever its case; the answer is the id for each lower-case name. Throws when one is not made. */
export async function makeLists(
  { api, client }: Pick<TaskServices, 'api' | 'client'>,
  names: readonly string[],
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  for (const name of names) {
    const key = name.toLowerCase()
    if (!ids.has(key)) ids.set(key, (await makeList({ api, client }, name)).id)
  }
  return ids
}

async function makeList({ api, client }: Pick<TaskServices, 'api' | 'client'>, name: string): Promise<List> {
  const last = client.getQueryData<List[]>(KEY)?.at(-1)?.position ?? null
  const list = await api.ask<List>({
    method: 'PUT',
    path: `/lists/${uuidv7()}`,
    body: { name, color: 'gray', position: generateKeyBetween(last, null) },
    headers: { 'if-none-match': '*' },
  })
  client.setQueryData<List[]>(KEY, lists => lists && [...lists, list])
  return list
}
