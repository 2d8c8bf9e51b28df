// An account as it is after some weeks of use, made through the API: for pictures and for what looks at every view.
import { addDays, type PlainDate, wallClock } from '../web/src/plain-dates.ts'
import { uuidv7 } from '../web/src/uuid.ts'

export type Furnished = { lists: Record<string, string>; tasks: Record<string, string>; tag: string }

type Owner = { id: string; token: string }
type Body = Record<string, unknown>
/** What stands in a list, in words of its language. */
type Words = {
  lists: [name: string, color: string][]
  /** `day` counts from today; `in` is the place of the list. */
  tasks: (Body & {
    title: string
    day?: number
    time?: string
    in?: number
    tags?: string[]
    subtasks?: [string, boolean][]
  })[]
}

const LOCAL = Intl.DateTimeFormat().resolvedOptions().timeZone

export async function furnish(
  url: string,
  owner: Owner,
  { lists, tasks }: Words = ENGLISH,
): Promise<Furnished> {
  const send = (method: string, path: string, body?: Body, headers = {}) =>
    request(`${url}/api/${owner.id}${path}`, owner, method, body, headers)
  const today = wallClock(new Date()).date
  const tag = tasks.flatMap(task => task.tags ?? [])[0] ?? ''
  const furnished: Furnished = { lists: {}, tasks: {}, tag }
  for (const [name, color] of lists) {
    const id = uuidv7()
    await send('PUT', `/lists/${id}`, { name, color }, { 'If-None-Match': '*' })
    furnished.lists[name] = id
  }
  const listIds = Object.values(furnished.lists)
  for (const { day, time, in: place, subtasks = [], trashed, ...content } of tasks) {
    const list = place === undefined ? null : listIds[place]
    const { id } = await send('POST', '/tasks', { ...content, due: dueOn(today, day, time), list })
    furnished.tasks[content.title] = id
    for (const [title, completed] of subtasks) await send('POST', '/tasks', { title, completed, parent: id })
    if (trashed) await send('DELETE', `/tasks/${id}`)
  }
  return furnished
}

function dueOn(today: PlainDate, day: number | undefined, time: string | undefined): string | null {
  if (day === undefined) return null
  return addDays(today, day) + (time ? `T${time}[${LOCAL}]` : '')
}

async function request(
  url: string,
  { token }: Owner,
  method: string,
  body: Body | undefined,
  headers: object,
) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
  })
  const text = await answer.text()
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`)
  return text ? JSON.parse(text) : null
}

export const ENGLISH: Words = {
  lists: [
    ['Home', 'green'],
    ['Work', 'blue'],
    ['Reading', 'purple'],
  ],
  tasks: [
    { title: 'Send the invoice for October', day: -1, priority: 1, tags: ['money'], in: 1 },
    { title: 'Book the dentist', day: -3, priority: 2, tags: ['health'] },
    {
      title: 'Prepare the talk for the library',
      description: 'Twenty minutes, few slides. Ask Ruth what the audience knows already.',
      day: 0,
      time: '09:30',
      priority: 1,
      tags: ['talk'],
      in: 1,
      subtasks: [
        ['Find three good examples', true],
        ['Draw the pictures', true],
        ['Say it aloud once', false],
      ],
    },
    { title: 'Buy bread, olives and a good cheese', day: 0, tags: ['errands'], in: 0 },
    { title: 'Call grandmother', day: 0, time: '18:00', priority: 3, tags: ['family'] },
    {
      title: 'Water the plants on the balcony',
      day: 0,
      in: 0,
      recurrence: { rule: 'FREQ=DAILY;INTERVAL=2', from: 'completion' },
    },
    { title: 'Return the books to the library', day: 1, tags: ['errands'], in: 2 },
    { title: 'Team breakfast', day: 2, time: '08:15', in: 1 },
    {
      title: 'Put the bins out',
      day: 3,
      in: 0,
      recurrence: { rule: 'FREQ=WEEKLY;BYDAY=TU;INTERVAL=2', from: 'schedule' },
    },
    { title: 'Pay the rent', day: 9, priority: 2, tags: ['money'], in: 0 },
    { title: 'Look for a present for Amira', tags: ['family'] },
    { title: 'Ask the neighbours about the noise in the stairwell at night' },
    { title: 'Sort the photographs of the summer', tags: ['family'] },
    { title: 'The Dispossessed, by Ursula K. Le Guin', in: 2 },
    { title: 'How Buildings Learn, by Stewart Brand', in: 2 },
    { title: 'Repair the reading lamp', priority: 3, in: 0 },
    { title: 'Answer the letter from the insurance', completed: true, tags: ['money'] },
    { title: 'Clean the windows', completed: true, in: 0 },
    { title: 'Cancel the newspaper', trashed: true },
    { title: 'Old shopping list', trashed: true, in: 0 },
  ],
}

export const GERMAN: Words = {
  lists: [
    ['Zuhause', 'green'],
    ['Arbeit', 'blue'],
    ['Lesen', 'purple'],
  ],
  tasks: [
    { title: 'Rechnung für Oktober schicken', day: -1, priority: 1, tags: ['geld'], in: 1 },
    { title: 'Termin beim Zahnarzt ausmachen', day: -3, priority: 2, tags: ['gesundheit'] },
    {
      title: 'Vortrag für die Bücherei vorbereiten',
      description: 'Zwanzig Minuten, wenige Folien. Ruth fragen, was die Leute schon wissen.',
      day: 0,
      time: '09:30',
      priority: 1,
      tags: ['vortrag'],
      in: 1,
      subtasks: [
        ['Drei gute Beispiele finden', true],
        ['Einmal laut aufsagen', false],
      ],
    },
    { title: 'Brot, Oliven und guten Käse kaufen', day: 0, tags: ['besorgungen'], in: 0 },
    { title: 'Oma anrufen', day: 0, time: '18:00', priority: 3, tags: ['familie'] },
    {
      title: 'Pflanzen auf dem Balkon gießen',
      day: 0,
      in: 0,
      recurrence: { rule: 'FREQ=DAILY;INTERVAL=2', from: 'completion' },
    },
    { title: 'Bücher zurückbringen', day: 1, tags: ['besorgungen'], in: 2 },
    { title: 'Miete überweisen', day: 9, priority: 2, tags: ['geld'], in: 0 },
    { title: 'Nachbarn wegen des Lärms im Treppenhaus fragen' },
    { title: 'Geschenk für Amira suchen', tags: ['familie'] },
    { title: 'Brief der Versicherung beantwortet', completed: true, tags: ['geld'] },
    { title: 'Zeitung abbestellen', trashed: true },
  ],
}
