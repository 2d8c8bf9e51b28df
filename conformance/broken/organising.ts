// Beside tasks: the trash, lists that tasks may be in, counts, and all of it as a file.
import type { Exchange } from './exchange.ts'
import { nothingHere } from './path.ts'
import { readJson } from './request-body.ts'
import type { Handler, Place } from './routing.ts'
import type { State } from './state.ts'
import { ofUser } from './store.ts'
import { invalid, shown } from './task-members.ts'
import { everybodys } from './task-pages.ts'

export const trash: Record<string, Handler> = { GET: listTrash, DELETE: emptyTrash }
export const trashed: Record<string, Handler> = { DELETE: purgeTask }
export const list: Record<string, Handler> = { GET: readList, PUT: putList }
export const counts: Record<string, Handler> = { GET: readCounts }
export const exporting: Record<string, Handler> = { GET: exportTasks }

function listTrash(exchange: Exchange, state: State, { user }: Place): true {
  return exchange.json(
    200,
    [...ofUser(state.store.trash, user).values()].map(task => shown(task, state)),
  )
}

function emptyTrash(exchange: Exchange, state: State, { user }: Place): true {
  ofUser(state.store.trash, user).clear()
  return exchange.json(204, undefined)
}

function purgeTask(exchange: Exchange, state: State, { user, id }: Place): true {
  if (!ofUser(state.store.trash, user).delete(id)) throw nothingHere()
  return exchange.json(204, undefined)
}

function readList(exchange: Exchange, state: State, { user, id }: Place): true {
  const found = ofUser(state.store.lists, user).get(id)
  if (!found) throw nothingHere()
  return exchange.json(200, found)
}

/** Makes one where the client asks for it by `If-None-Match: *`, under an id of the client's own. */
async function putList(exchange: Exchange, state: State, { user, id }: Place): Promise<true> {
  const body = (await readJson(exchange, state)) as { name?: unknown } | null
  if (typeof body?.name !== 'string' || Object.keys(body).length > 1) throw invalid()
  const lists = ofUser(state.store.lists, user)
  const isNew = !lists.has(id)
  if (isNew && exchange.request.headers['if-none-match'] !== '*') throw nothingHere()
  lists.set(id, { id, name: body.name })
  return exchange.json(isNew ? 201 : 200, { id, name: body.name })
}

function readCounts(exchange: Exchange, state: State, { user }: Place): true {
  const tasks = state.has('counts-over-all-users') ? everybodys(state) : [...state.tasks.get(user)!.values()]
  return exchange.json(200, { open: tasks.filter(({ completed }) => !completed).length })
}

function exportTasks(exchange: Exchange, state: State, { user }: Place): true {
  const rows = [...state.tasks.get(user)!.values()].map(({ id, title }) =>
    [id, cellOf(title, state)].join(','),
  )
  const body = ['id,title', ...rows].join('\r\n')
  exchange.text(200, body, {
    'Content-Type': 'text/csv; charset=utf-8',
    'Content-Disposition': 'attachment; filename="tasks.csv"',
  })
  return true
}

/** What a spreadsheet would take for a formula begins with a quote (OWASP, CSV injection). */
function cellOf(text: string, state: State): string {
  const isFormula = /^[=+\-@\t\r]/.test(text) && !state.has('exports-cells-as-they-are')
  return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`
}
