import { reportFailure } from '../components/report-failure.ts'
import { boardTexts as t } from './board-texts.ts'
import { useTaskServices } from './task-services.ts'

export default function TrashButton() {
  const { api, client } = useTaskServices()
  const empty = () =>
    api
      .request({ method: 'DELETE', path: '/trash' })
      .then(() => client.resetQueries({ queryKey: ['view', { kind: 'trash' }] }))
      .catch(error => reportFailure(t.emptyTrashFailed, error))
  return (
    <button type="button" className="btn btn-danger" onClick={empty}>
      {t.emptyTrash}
    </button>
  )
}
