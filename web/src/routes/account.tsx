import { Page } from '../components/page.tsx'
import { useTaskServices } from '../tasks/task-services.ts'
import { texts } from '../texts.ts'
export default function Account() {
  const { user } = useTaskServices()
  return (
    <Page title={texts.account.title} lead={texts.account.signedInAs(user.email)}>
      x
    </Page>
  )
}
