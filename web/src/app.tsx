import { Suspense, useEffect } from 'react'
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter'
import { Boot } from './components/logo.tsx'
import { prefetched } from './components/prefetched.tsx'
import { Toaster } from './components/toaster.tsx'
import { useLocale } from './components/use-locale.ts'
import type { Config } from './config.ts'
import { NotFound } from './routes/not-found.tsx'
import { SignIn } from './routes/sign-in.tsx'
import { SignUp } from './routes/sign-up.tsx'
import { Unreachable } from './routes/unreachable.tsx'
import { HOME, safeNextPath, signInPath } from './session/next-path.ts'
import type { SessionState } from './session/session.ts'
import { useStart } from './start.ts'

const SignedIn = prefetched(() => import('./signed-in.tsx'))
void SignedIn.prefetch()
const SignInAgain = prefetched(() => import('./session/sign-in-again.tsx'))

/** What only somebody who is signed in can see. `/` is one of them for visitors alone. */
const GUARDED = /^\/(?:tasks|today|upcoming|inbox|done|trash|search|account|lists\/[^/]+|tags\/[^/]+|)$/

export function App() {
  const start = useStart()
  useLocale()
  if (start.status === 'unreachable') return <Unreachable error={start.error} />
  if (start.status === 'starting') return <Boot />
  const { config, person } = start
  return (
    <>
      {person.status === 'signed-in' ? (
        <PersonRoutes config={config} person={person} />
      ) : (
        <VisitorRoutes config={config} person={person} />
      )}
      {person.status === 'signed-in' && person.ended && (
        <Suspense>
          <SignInAgain email={person.user.email} />
        </Suspense>
      )}
      <Toaster />
    </>
  )
}

type In = Extract<SessionState, { status: 'signed-in' }>
type Out = Extract<SessionState, { status: 'signed-out' }>

function VisitorRoutes({ config, person }: { config: Config; person: Out }) {
  return (
    <Switch>
      <Route path="/sign-in">
        <SignIn config={config} person={person} />
      </Route>
      <Route path="/sign-up">
        <SignUp config={config} />
      </Route>
      <Route path={GUARDED}>
        <ToSignIn person={person} />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** Whoever left on purpose starts afresh; everyone else comes back to where they were. */
function ToSignIn({ person }: { person: Out }) {
  const [path] = useLocation()
  const search = useSearch()
  return (
    <Redirect
      to={person.departure === 'none' ? signInPath(path + (search && `?${search}`)) : '/sign-in'}
      replace
    />
  )
}

function PersonRoutes({ config, person }: { config: Config; person: In }) {
  useEffect(() => {
    const timer = setTimeout(SignInAgain.prefetch, 1_000)
    return () => clearTimeout(timer)
  }, [])
  return (
    <Switch>
      <Route path={/^\/(sign-in|sign-up)?$/}>
        <ToNext person={person} />
      </Route>
      <Route path={GUARDED}>
        <Suspense fallback={<Boot />}>
          {/* Another person gets another tree, and with it another, empty cache. */}
          <SignedIn key={person.user.id} user={person.user} switched={person.switched} config={config} />
        </Suspense>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** Where one person was is no place for another. */
function ToNext({ person }: { person: In }) {
  const next = new URLSearchParams(useSearch()).get('next')
  return <Redirect to={person.switched ? HOME : safeNextPath(next, location.origin)} replace />
}
