import type { Exchange } from './exchange.ts'
import type { State } from './state.ts'

/** What the good server's page does: shows the titles of whoever is signed in. */
export function pageScript({ path, method, text }: Exchange, state: State): boolean {
  if (path !== '/page.js' || method !== 'GET') return false
  const property = state.has('titles-as-markup') ? 'innerHTML' : 'textContent'
  return text(200, SCRIPT.replace('PROPERTY', property), { 'Content-Type': 'text/javascript; charset=utf-8' })
}

const SCRIPT = `
const { access_token: token } = await (await fetch('/auth/token')).json()
const { sub } = token ? JSON.parse(atob(token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'))) : {}
const headers = { Authorization: 'Bearer ' + token }
const tasks = token ? await (await fetch('/api/' + sub + '/tasks', { headers })).json() : []
for (const { title } of tasks) {
  const line = document.createElement('p')
  line.PROPERTY = title
  document.body.append(line)
}
`
