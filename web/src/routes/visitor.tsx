/** All that is seen without being signed in. */
import { Redirect, useLocation, useSearch } from 'wouter'
import type { Config } from '../config.ts'
import { GUARDED, signInPath } from '../session/next-path.ts'
import type { SessionState } from '../session/session.ts'
import NotFound from './not-found.tsx'
import { SignIn } from './sign-in.tsx'
import { SignUp } from './sign-up.tsx'

type Out = Extract<SessionState, { status: 'signed-out' }>

export default function Visitor({ config, person }: { config: Config; person: Out }) {
  const [path] = useLocation()
  if (path === '/sign-in') return <SignIn config={config} person={person} />
  if (path === '/sign-up') return <SignUp config={config} />
  return GUARDED.test(path) ? <ToSignIn person={person} /> : <NotFound />
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
