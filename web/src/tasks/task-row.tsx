import { Ellipsis, ListChecks, PanelRightOpen, Repeat, RotateCcw } from 'lucide-react'
import { memo, Suspense, useEffect } from 'react'
import { prefetched } from '../components/prefetched.tsx'
import { useLocale } from '../components/use-locale.ts'
import { dueLabel, timeWords } from '../dates.ts'
import { whenIdle } from '../idle.ts'
import { daysLeft } from '../trash/days-left.ts'
import { boardTexts as t } from './board-texts.ts'
import { dateOf, timeOf } from './due.ts'
import type { List, Task } from './task.ts'

export type RowActions = {
  onToggle(task: Task): void
  /** A press on the title: turns it into a field, or selects the task. */
  onPress(task: Task, event: React.MouseEvent): void
  /** A press on the rest of the text: opens the task, or selects it. */
  onOpen(task: Task, event: React.MouseEvent): void
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
  /** Its title is a field. */
  editing: boolean
  /** The heading says the day. */
  hidesDay: boolean
  measure: ((element: Element | null) => void) | undefined
} & RowActions

export const TaskRow = memo(function TaskRow(props: RowProps) {
  const { task, index, at, size, gap, selected, boxes, measure, onOpen, onMenu } = props
  useLocale()
  const isDeleted = task.deleted_at !== null
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
        <Title {...props} />
        {task.description && <p className="truncate text-[0.8125rem] text-ink-3">{task.description}</p>}
        <Details {...props} />
      </div>
      <button
        type="button"
        className={`icon-btn mt-0.5 ${isDeleted ? '' : 'row-tools row-open'}`}
        aria-label={isDeleted ? t.restore({ title: task.title }) : t.open({ title: task.title })}
        title={isDeleted ? t.restoreHint : t.openHint}
        onClick={event => onOpen(task, event)}
      >
        {isDeleted ? (
          <RotateCcw size={17} aria-hidden="true" />
        ) : (
          <PanelRightOpen size={17} aria-hidden="true" />
        )}
      </button>
      <button
        type="button"
        className={`icon-btn mt-0.5 ${isDeleted ? '' : 'row-tools'}`}
        aria-label={t.more({ title: task.title })}
        aria-haspopup="menu"
        onClick={event => onMenu(task, event.currentTarget)}
      >
        <Ellipsis size={18} aria-hidden="true" />
      </button>
    </li>
  )
})

const TitleField = prefetched(() => import('../editor/title-field.tsx'))

/** Fetched once for all rows, when there is time. */
export const usePrefetchedTitleField = () => useEffect(() => whenIdle(TitleField.prefetch), [])

function Title({ task, editing, onPress }: RowProps) {
  const title = (
    <button
      type="button"
      className="row-title"
      aria-label={task.deleted_at === null ? t.edit({ title: task.title }) : t.more({ title: task.title })}
      onClick={event => onPress(task, event)}
    >
      <span className={task.completed ? 'text-ink-3 line-through decoration-1' : ''}>{task.title}</span>
    </button>
  )
  return editing ? (
    <Suspense fallback={title}>
      <TitleField task={task} />
    </Suspense>
  ) : (
    title
  )
}

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
      {task.deleted_at !== null && <span>{t.left(daysLeft(task.deleted_at))}</span>}
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
