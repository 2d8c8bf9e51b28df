import { Ellipsis, ListChecks, Repeat } from 'lucide-react'
import { memo } from 'react'
import { useLocale } from '../components/use-locale.ts'
import { dueLabel, timeWords } from '../dates.ts'
import { boardTexts as t } from './board-texts.ts'
import { dateOf, timeOf } from './due.ts'
import type { List, Task } from './task.ts'

export type RowActions = {
  onToggle(task: Task): void
  /** A press on the row's text: opens it, or selects it. */
  onPress(task: Task, event: React.MouseEvent): void
  onSelect(task: Task): void
  onMenu(task: Task, button: Element): void
}

export type RowProps = {
  task: Task
  index: number
  at: number
  size: number
  /** Empty space before it, where rows that are out of sight were left out. */
  gap: number
  today: string
  /** The list it is in, where that is not the view itself. */
  list: List | null | undefined
  pending: boolean
  selected: boolean
  boxes: boolean
  /** The heading says the day. */
  hidesDay: boolean
  measure(element: Element | null): void
} & RowActions

export const TaskRow = memo(function TaskRow(props: RowProps) {
  const { task, index, at, size, gap, selected, boxes, measure, onPress, onMenu } = props
  useLocale()
  return (
    <li
      ref={measure}
      className={`row ${selected ? 'row-selected' : ''}`}
      style={gap > 0 ? { marginBlockStart: gap } : undefined}
      data-task={task.id}
      data-index={index}
      aria-setsize={size}
      aria-posinset={at}
    >
      {boxes ? <SelectBox {...props} /> : <Tick {...props} />}
      <div className="row-text">
        <button
          type="button"
          className="row-title"
          aria-label={t.edit({ title: task.title })}
          onClick={event => onPress(task, event)}
        >
          <span className={task.completed ? 'text-ink-3 line-through decoration-1' : ''}>{task.title}</span>
        </button>
        {task.description && <p className="truncate text-[0.8125rem] text-ink-3">{task.description}</p>}
        <Details {...props} />
      </div>
      <button
        type="button"
        className="row-tools icon-btn mt-0.5"
        aria-label={t.more({ title: task.title })}
        aria-haspopup="menu"
        onClick={event => onMenu(task, event.currentTarget)}
      >
        <Ellipsis size={18} aria-hidden="true" />
      </button>
    </li>
  )
})

function Tick({ task, onToggle }: RowProps) {
  return (
    <label className="hit">
      <input
        type="checkbox"
        className={`check check-p${task.priority}`}
        aria-label={task.title}
        disabled={task.deleted_at !== null}
        checked={task.completed}
        onChange={() => onToggle(task)}
      />
    </label>
  )
}

function SelectBox({ task, selected, onSelect }: RowProps) {
  return (
    <label className="hit">
      <input
        type="checkbox"
        className="check check-square"
        aria-label={t.select({ title: task.title })}
        checked={selected}
        onChange={() => onSelect(task)}
      />
    </label>
  )
}

/** One quiet line below the title; nothing where there is nothing to say. */
function Details({ task, today, list, pending, hidesDay }: RowProps) {
  const { due, priority, subtasks, recurrence, tags } = task
  const time = due && timeOf(due)
  const when = hidesDay ? time && timeWords(time) : due && dueLabel(due, today)
  const isOverdue = due !== null && dateOf(due) < today && !task.completed
  return (
    <div className="row-details">
      {priority < 4 && <span className="sr-only">{t.priority({ priority })}</span>}
      {when && (
        <span className={isOverdue ? 'text-danger' : ''}>
          {isOverdue && <span className="sr-only">{t.overdue} </span>}
          {when}
        </span>
      )}
      {recurrence && <Repeat size={13} role="img" aria-label={t.repeats} />}
      {subtasks.total > 0 && (
        <span className="row-detail">
          <ListChecks size={14} role="img" aria-label={t.subtasks} />
          {t.ofTotal({ completed: subtasks.completed, total: subtasks.total })}
        </span>
      )}
      {list && (
        <span className="row-detail">
          <span className="dot" data-color={list.color} aria-hidden="true" />
          {list.name}
        </span>
      )}
      {tags.map(tag => (
        <span key={tag}>#{tag}</span>
      ))}
      {pending && <span className="row-pending">{t.notSaved}</span>}
    </div>
  )
}
