import { Trash2 } from 'lucide-react'
import { memo } from 'react'
import { useLocale } from '../components/use-locale.ts'
import { shortMoment, wholeMoment } from '../dates.ts'
import type { ListedTask } from './task-cache.ts'
import { taskTexts } from './task-texts.ts'
import { useCompleteTask } from './use-tasks.ts'

type Props = {
  task: ListedTask
  onKeep(id: string): void
  onEdit(id: string): void
  onDelete(task: ListedTask): void
}

export const TaskRow = memo(function TaskRow({ task, onKeep, onEdit, onDelete }: Props) {
  const complete = useCompleteTask(task)
  useLocale()
  const toggle = () => {
    onKeep(task.id)
    complete.mutate(!task.completed)
  }
  return (
    <li className={`row ${task.unsaved ? 'row-enter' : ''}`} data-task={task.id}>
      <label className="hit">
        <input
          type="checkbox"
          className="check"
          aria-label={task.title}
          checked={task.completed}
          disabled={task.unsaved}
          onChange={toggle}
        />
      </label>
      <div className="row-text">
        <button
          type="button"
          className="row-title"
          aria-label={taskTexts.edit({ title: task.title })}
          disabled={task.unsaved}
          onClick={() => onEdit(task.id)}
        >
          <span className={task.completed ? 'text-ink-3 line-through decoration-1' : ''}>{task.title}</span>
        </button>
        {task.description && <p className="truncate text-[0.8125rem] text-ink-3">{task.description}</p>}
      </div>
      <time
        dateTime={task.created_at}
        title={taskTexts.added({ when: wholeMoment(task.created_at) })}
        className="hidden py-2.5 ps-3 pe-1 text-[0.8125rem] leading-[1.4375rem] whitespace-nowrap text-ink-3 sm:block"
      >
        {shortMoment(task.created_at)}
      </time>
      <button
        type="button"
        className="row-tools icon-btn mt-0.5"
        aria-label={taskTexts.remove({ title: task.title })}
        disabled={task.unsaved}
        onClick={() => onDelete(task)}
      >
        <Trash2 size={17} aria-hidden="true" />
      </button>
    </li>
  )
})
