import { Link, useSearchParams } from 'wouter'
import { Page } from '../components/page.tsx'
import { Board } from '../tasks/board.tsx'
import type { Show } from '../tasks/old-api.ts'
import { taskFilters, taskTexts } from '../tasks/task-texts.ts'

const today = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' })

export default function Tasks() {
  const [params] = useSearchParams()
  const asked = params.get('show')
  const show: Show = asked === 'open' || asked === 'done' ? asked : 'all'
  return (
    <Page title={taskTexts.title} lead={today.format(new Date())} aside={<Filters show={show} />}>
      <Board key={show} show={show} />
    </Page>
  )
}

function Filters({ show }: { show: Show }) {
  return (
    <nav aria-label={taskTexts.show} className="segments">
      {(['all', 'open', 'done'] as const).map(filter => (
        <Link
          key={filter}
          href={filter === 'all' ? '/tasks' : `/tasks?show=${filter}`}
          className="segment"
          aria-current={filter === show ? 'page' : undefined}
        >
          {taskFilters[filter]}
        </Link>
      ))}
    </nav>
  )
}
