import { type SubmitEvent, useRef, useState } from 'react'
import { explain } from '../explain.ts'
import { failureOf } from '../http.ts'
import { randomKey } from '../random-key.ts'
import { drafts, session } from '../session/current.ts'
import { SessionEnded } from '../session/session.ts'
import { LONGEST_TITLE } from './old-task.ts'
import { useTaskServices } from './task-services.ts'
import { taskTexts } from './task-texts.ts'
import { type NewTask, useAddTask } from './use-tasks.ts'

/** An add that failed. Its key goes with it, so that trying again never adds it twice. */
export type Unsent = NewTask & { reason: string }

const DRAFT = 'add'
const UNSENT = 'unsent'

export const sayUnsent = ({ title, reason }: Unsent) => `${taskTexts.addFailed({ title })} ${reason}`

function readWaiting(userId: string): Unsent[] {
  return JSON.parse(drafts.read(userId, UNSENT) || '[]')
}

/** An add can fail after its author has signed out; what they wrote must not be left behind then. */
function mayKeepDrafts(userId: string): boolean {
  const state = session.getState()
  const person = state.status === 'signed-in' ? state.user : state.status === 'signed-out' && state.lastUser
  return person ? person.id === userId : false
}

/** The text being typed, what is wrong with it, and the adds that failed meanwhile. Nothing typed is ever lost. */
export function useQuickAdd(onAdded: (title: string) => void) {
  const { user } = useTaskServices()
  const [text, setText] = useState(() => drafts.read(user.id, DRAFT))
  const [returned, setReturned] = useState<Unsent | null>(null)
  const [waiting, showWaiting] = useState(() => readWaiting(user.id))
  const latest = useRef(text)
  const write = (next: string) => {
    latest.current = next
    setText(next)
    drafts.write(user.id, DRAFT, next)
  }
  const setWaiting = (tasks: Unsent[]) => {
    drafts.write(user.id, UNSENT, tasks.length > 0 ? JSON.stringify(tasks) : '')
    showWaiting(tasks)
  }
  const add = useAddTask((task, error) => {
    if (!mayKeepDrafts(user.id)) return
    const failed = { ...task, reason: error instanceof SessionEnded ? '' : explain(failureOf(error)) }
    // Back into the field, unless something else is being typed there by now. In the draft either way, since a
    // session that ended takes this field away.
    if (latest.current) return setWaiting([...readWaiting(user.id), failed])
    write(task.title)
    setReturned(failed)
  })

  const title = text.trim()
  const over = [...title].length - LONGEST_TITLE
  const problem = over > 0 ? taskTexts.tooLong(over) : returned?.reason && sayUnsent(returned)

  function submit(event: SubmitEvent) {
    event.preventDefault()
    if (!title || over > 0) return
    // The same text again is the same request again: its key keeps the server from adding it twice.
    const key = returned?.title === title ? returned.key : randomKey()
    write('')
    setReturned(null)
    add.mutate({ title, key }, { onSuccess: () => onAdded(title) })
  }

  function retry(task: Unsent) {
    discard(task)
    add.mutate(task, { onSuccess: () => onAdded(task.title) })
  }

  const discard = (task: Unsent) => setWaiting(readWaiting(user.id).filter(other => other.key !== task.key))

  return { text, write, hasTitle: title !== '', problem, submit, waiting, retry, discard }
}
