import { useTaskServices } from '../tasks/task-services.ts'
import { useView } from '../tasks/use-view.ts'
import { createTrashActions } from './trash-actions.ts'
import { trashTexts } from './trash-texts.ts'

export default function TrashButton() {
  const services = useTaskServices()
  const { tasks } = useView({ kind: 'trash' })
  if (tasks.length === 0) return null
  return (
    <button
      type="button"
      className="btn btn-danger"
      onClick={() => createTrashActions(services).empty(tasks)}
    >
      {trashTexts.empty}
    </button>
  )
}
