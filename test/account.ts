// A person with an account, over HTTP, the way the page or curl does it.
import { randomUUID } from 'node:crypto'

export type Account = { id: string; email: string; cookie: string; token: string }
export type Task = { id: string; title: string }

const password = 'a long enough passphrase'

export async function signUp(url: string, email = `${randomUUID()}@example.org`): Promise<Account> {
  const answer = await signUpRequest(url, email)
  if (answer.status !== 200) throw new Error(`sign-up answered ${answer.status}: ${await answer.text()}`)
  const { user, access_token } = (await answer.json()) as { user: { id: string }; access_token: string }
  const cookie = answer.headers.getSetCookie().map(line => line.split(';')[0])
  return { id: user.id, email, cookie: cookie.join('; '), token: access_token }
}

export async function signUpRequest(url: string, email: string): Promise<Response> {
  return fetch(`${url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: url },
    body: JSON.stringify({ email, password }),
  })
}

/** Undefined when the answer did not come, or was not that the task exists now. */
export async function createTask(
  url: string,
  { id, token }: Account,
  title: string,
): Promise<Task | undefined> {
  const answer = await fetch(`${url}/api/${id}/tasks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: JSON.stringify({ title }),
  }).catch(() => undefined)
  if (answer?.status !== 201) return undefined
  return ((await answer.json().catch(() => undefined)) as Task | undefined) ?? undefined
}

/** All of them, page after page. */
export async function listTasks(url: string, { id, token }: Account): Promise<Task[]> {
  const tasks: Task[] = []
  let next: string | undefined = `${url}/api/${id}/tasks?limit=100`
  while (next) {
    const answer: Response = await fetch(next, { headers: { Authorization: `Bearer ${token}` } })
    if (answer.status !== 200) throw new Error(`the list answered ${answer.status}`)
    tasks.push(...((await answer.json()) as Task[]))
    const link = /<([^>]+)>; rel="next"/.exec(answer.headers.get('Link') ?? '')?.[1]
    next = link && new URL(link, url).href
  }
  return tasks
}
