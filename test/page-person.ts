// A person who is signed in, with what they have made through the API, and the pages they have open.
import type { Page } from 'playwright-core'
import { type Screen, type Visit, visit } from './browser.ts'
import { type Answer, call, type Person, signUp } from './in-process.ts'
import { browser, product } from './page-visit.ts'

type Made = Answer['body']

export interface PagePerson {
  person: Person
  /** One call to the API under `/api/{user_id}`; throws unless it succeeded. */
  ask(method: string, path: string, body?: unknown): Promise<Made>
  addTask(task: object): Promise<Made>
  addList(name: string, color?: string): Promise<Made>
  /** A device of theirs that looks at this path. */
  open(path: string, screen?: Screen): Promise<Visit>
}

let lists = 0

export async function createPagePerson(): Promise<PagePerson> {
  const person = await signUp(product)
  const send = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
    const answer = await patiently(() =>
      call(product, method, `/api/${person.id}${path}`, {
        token: person.token,
        ...(body !== undefined && { body }),
        ...(headers && { headers }),
      }),
    )
    if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`)
    return answer.body
  }
  return {
    person,
    ask: (method, path, body) => send(method, path, body),
    addTask: task => send('POST', '/tasks', task),
    addList: (name, color = 'blue') => {
      lists += 1
      const id = `019aa000-0000-7000-8000-${String(lists).padStart(12, '0')}`
      return send('PUT', `/lists/${id}`, { name, color }, { 'if-none-match': '*' })
    },
    async open(path, screen) {
      const there = await visit(browser, product, screen)
      const [name, value] = split(person.cookie)
      await there.context.addCookies([{ name, value, url: product.url }])
      await there.page.goto(path)
      await there.page.locator('main h1').waitFor()
      // On a busy machine a lease can run out: the page waits as it is told and asks again.
      return { ...there, assertClean: (provoked = []) => there.assertClean([503, ...provoked]) }
    },
  }
}

/** On a busy machine a lease can run out; whoever waits as told is answered. */
async function patiently(ask: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    const answer = await ask()
    if (answer.status !== 503) return answer
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

function split(cookie: string): [string, string] {
  const at = cookie.indexOf('=')
  return [cookie.slice(0, at), cookie.slice(at + 1)]
}

/** The row of a task by its title. */
export const rowOf = (page: Page, title: string) =>
  page.locator('li[data-task]').filter({ has: page.getByText(title, { exact: true }) })
