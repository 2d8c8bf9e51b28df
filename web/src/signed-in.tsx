import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { Route, Switch, useLocation } from 'wouter'
import { Boot } from './components/logo.tsx'
import { prefetched } from './components/prefetched.tsx'
import { reportFailure } from './components/report-failure.ts'
import { Shell } from './components/shell.tsx'
import { shellTexts } from './components/shell-texts.ts'
import { clearToasts, showToast } from './components/toasts.ts'
import { whenIdle } from './idle.ts'
import Tasks from './routes/tasks.tsx'
import { session } from './session/current.ts'
import type { User } from './session/issuer.ts'
import { createTaskServices, type TaskServices, TaskServicesProvider } from './tasks/task-services.ts'

const Account = prefetched(() => import('./routes/account.tsx'))

type Props = { user: User; switched: boolean; apiUrl: string }

function isSignedIn(user: User): boolean {
  const state = session.getState()
  return state.status === 'signed-in' && state.user.id === user.id
}

/** Nothing of one person stays in memory for the next. */
function forgetEverything({ client }: TaskServices) {
  clearToasts()
  client.clear()
}

export default function SignedIn({ user, switched, apiUrl }: Props) {
  const [services] = useState(() => createTaskServices(user, apiUrl))
  const [, navigate] = useLocation()

  useEffect(() => {
    const { deletions } = services
    whenIdle(Account.prefetch)
    addEventListener('pagehide', deletions.leavePage)
    return () => {
      removeEventListener('pagehide', deletions.leavePage)
      if (!isSignedIn(user)) forgetEverything(services)
    }
  }, [services, user])

  useEffect(() => {
    if (!switched) return
    navigate('/tasks', { replace: true })
    showToast({ id: 'switched', text: shellTexts.switched({ email: user.email }) })
  }, [switched, user.email, navigate])

  async function signOut() {
    try {
      clearToasts()
      await services.deletions.flush()
      await session.signOut()
    } catch (error) {
      reportFailure(shellTexts.signOutFailed, error)
    }
  }

  return (
    <QueryClientProvider client={services.client}>
      <TaskServicesProvider value={services}>
        <Shell email={user.email} onSignOut={signOut}>
          <Suspense fallback={<Boot />}>
            <Switch>
              <Route path="/account">
                <Account />
              </Route>
              <Route component={Tasks} />
            </Switch>
          </Suspense>
        </Shell>
      </TaskServicesProvider>
    </QueryClientProvider>
  )
}
