import { Suspense, useEffect } from 'react'
import { Redirect, useLocation, useSearch } from 'wouter'
import { Boot } from './components/logo.tsx'
import { prefetched } from './components/prefetched.tsx'
import { Toaster } from './components/toaster.tsx'
import { useLocale } from './components/use-locale.ts'
import type { Config } from './config.ts'
import { whenIdle } from './idle.ts'
import { Unreachable } from './routes/unreachable.tsx'
import { GUARDED, HOME, homeView, safeNextPath } from './session/next-path.ts'
import type { SessionState } from './session/session.ts'
import SignedIn from './signed-in.tsx'
import { useStart } from './start.ts'

const Visitor = prefetched(() => import('./routes/visitor.tsx'))
const NotFound = prefetched(() => import('./routes/not-found.tsx'))
if (/^\/sign-/.test(location.pathname)) void Visitor.prefetch()
const SignInAgain = prefetched(() => import('./session/sign-in-again.tsx'))

export function App() {
  const start = useStart()
  useLocale()
  if (start.status === 'unreachable') return <Unreachable error={start.error} />
  if (start.status === 'starting') return <Boot />
  const { config, person } = start
  return (
    <Suspense fallback={<Boot />}>
      {person.status === 'signed-in' ? (
        <PersonRoutes config={config} person={person} />
      ) : (
        <Visitor config={config} person={person} />
      )}
      {person.status === 'signed-in' && person.ended && (
        <Suspense>
          <SignInAgain email={person.user.email} />
        </Suspense>
      )}
      <Toaster />
    </Suspense>
  )
}

type In = Extract<SessionState, { status: 'signed-in' }>

function PersonRoutes({ config, person }: { config: Config; person: In }) {
  const [path] = useLocation()
  useEffect(() => whenIdle(SignInAgain.prefetch), [])
  if (/^\/(sign-in|sign-up)?$/.test(path)) return <ToNext person={person} config={config} />
  if (!GUARDED.test(path)) return <NotFound />
  // Another person gets another tree, and with it another, empty cache.
  return <SignedIn key={person.user.id} user={person.user} switched={person.switched} config={config} />
}

/** Where one person was is no place for another. */
function ToNext({ person, config }: { person: In; config: Config }) {
  const next = new URLSearchParams(useSearch()).get('next')
  const path = person.switched ? HOME : safeNextPath(next, location.origin)
  return <Redirect to={path === HOME ? homeView(config) : path} replace />
}
