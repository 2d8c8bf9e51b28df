import { QueryClientProvider } from '@tanstack/react-query'
import { Suspense, useEffect, useState } from 'react'
import { Redirect, useLocation } from 'wouter'
import { afterIdle } from './components/after-idle.tsx'
import './components/early-keys.ts'
import { InSlices } from './components/in-slices.tsx'
import { Boot } from './components/logo.tsx'
import { prefetched } from './components/prefetched.tsx'
import { Shell } from './components/shell.tsx'
import { shellTexts } from './components/shell-texts.ts'
import { clearToasts, showToast } from './components/toasts.ts'
import type { Config } from './config.ts'
import { whenIdle } from './idle.ts'
import Tasks from './routes/tasks.tsx'
import { session } from './session/current.ts'
import type { User } from './session/issuer.ts'
import { HOME, homeView } from './session/next-path.ts'
import { closeOverlay } from './tasks/overlays.ts'
import { Overlays } from './tasks/slots.tsx'
import { createTaskServices, type TaskServices, TaskServicesProvider } from './tasks/task-services.ts'

const PageKeys = afterIdle(() => import('./tasks/keys.tsx').then(keys => keys.PageKeys))
const Account = prefetched(() => import('./routes/account.tsx'))

type Props = { user: User; switched: boolean; config: Config }

/** Nothing of one person stays in memory for the next. */
function forgetEverything({ client, undoStack }: TaskServices) {
  clearToasts()
  closeOverlay()
  undoStack.clear()
  client.clear()
}

export default function SignedIn({ user, switched, config }: Props) {
  const [services] = useState(() => createTaskServices(user, config))
  const [path, navigate] = useLocation()
  const home = homeView(config)
  const isForwarded = path === HOME && home !== HOME

  useOutboxAtWork(services)

  useEffect(() => {
    whenIdle(Account.prefetch)
    return () => {
      if (!session.isHere(user.id)) forgetEverything(services)
    }
  }, [services, user])

  useEffect(() => {
    if (!switched) return
    navigate(HOME, { replace: true })
    showToast({ id: 'switched', text: shellTexts.switched({ email: user.email }) })
  }, [switched, user.email, navigate])

  return (
    <QueryClientProvider client={services.client}>
      <TaskServicesProvider value={services}>
        <Shell email={user.email}>
          <InSlices>
            <Suspense fallback={<Boot />}>
              {path === '/account' ? <Account /> : isForwarded ? <Redirect to={home} replace /> : <Tasks />}
            </Suspense>
            {/* After the list: keys pressed early are for it. */}
            <PageKeys />
          </InSlices>
        </Shell>
        <Overlays />
      </TaskServicesProvider>
    </QueryClientProvider>
  )
}

/** Sends while the page is there, again when there is hope, and once more while the page goes. */
function useOutboxAtWork({ outbox, deferrals }: TaskServices) {
  useEffect(() => {
    const onVisible = () => document.visibilityState === 'visible' && outbox.wake()
    outbox.start()
    addEventListener('online', outbox.wake)
    addEventListener('pagehide', outbox.leavePage)
    addEventListener('pagehide', deferrals.leavePage)
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      outbox.stop()
      removeEventListener('online', outbox.wake)
      removeEventListener('pagehide', outbox.leavePage)
      removeEventListener('pagehide', deferrals.leavePage)
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [outbox, deferrals])
}
