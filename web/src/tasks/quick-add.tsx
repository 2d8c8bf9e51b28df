import { Plus } from 'lucide-react'
import type { RefObject, SubmitEvent } from 'react'
import { texts } from '../texts.ts'
import { taskTexts } from './task-texts.ts'
import { sayUnsent, type Unsent, useQuickAdd } from './use-quick-add.ts'

type Props = { input: RefObject<HTMLInputElement | null>; onAdded(title: string): void }

export function QuickAdd({ input, onAdded }: Props) {
  const { text, write, hasTitle, problem, submit, waiting, retry, discard } = useQuickAdd(onAdded)
  const onSubmit = (event: SubmitEvent) => {
    submit(event)
    input.current?.focus()
  }
  return (
    <form onSubmit={onSubmit} className="mb-4">
      <div className="focus-frame flex items-center rounded-xl bg-surface">
        <Plus size={19} aria-hidden="true" className="mx-3 flex-none text-ink-3" />
        <input
          ref={input}
          className="h-12 min-w-0 flex-1 bg-transparent text-base placeholder:text-ink-3 placeholder:opacity-100 focus:outline-none"
          aria-label={taskTexts.add}
          aria-invalid={problem ? true : undefined}
          aria-describedby={problem ? 'quick-add-problem' : undefined}
          aria-keyshortcuts="q n"
          placeholder={taskTexts.addHint}
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={event => write(event.target.value)}
          onKeyDown={event => event.key === 'Escape' && event.currentTarget.blur()}
        />
        {hasTitle ? (
          <button type="submit" className="btn btn-primary me-1.5 min-h-9 rounded-md px-3.5">
            {taskTexts.addButton}
          </button>
        ) : (
          <span className="kbd me-3 hidden sm:inline-grid" aria-hidden="true">
            Q
          </span>
        )}
      </div>
      <p
        id="quick-add-problem"
        role="alert"
        className="px-1 pt-2 text-sm wrap-anywhere text-danger empty:hidden"
      >
        {problem}
      </p>
      {waiting.map(task => (
        <UnsentTask key={task.key} task={task} onRetry={retry} onDiscard={discard} />
      ))}
    </form>
  )
}

type UnsentProps = { task: Unsent; onRetry(task: Unsent): void; onDiscard(task: Unsent): void }

function UnsentTask({ task, onRetry, onDiscard }: UnsentProps) {
  return (
    <div role="alert" className="note note-danger mt-2 flex flex-wrap items-center gap-x-3 gap-y-2 text-sm">
      <p className="min-w-0 flex-[1_1_12rem]">{sayUnsent(task)}</p>
      <button type="button" className="btn btn-quiet min-h-9" onClick={() => onRetry(task)}>
        {texts.tryAgain}
      </button>
      <button type="button" className="btn btn-quiet min-h-9" onClick={() => onDiscard(task)}>
        {taskTexts.discard}
      </button>
    </div>
  )
}
