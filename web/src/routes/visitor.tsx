/** All that is seen without being signed in. */
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter'
import type { Config } from '../config.ts'
import { GUARDED, signInPath } from '../session/next-path.ts'
import type { SessionState } from '../session/session.ts'
import NotFound from './not-found.tsx'
import { SignIn } from './sign-in.tsx'
import { SignUp } from './sign-up.tsx'

type Out = Extract<SessionState, { status: 'signed-out' }>

export default function Visitor({ config, person }: { config: Config; person: Out }) {
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
