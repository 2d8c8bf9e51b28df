import { useState } from 'react'
import { Link, useSearch } from 'wouter'
import { EmailField } from '../components/email-field.tsx'
import { ErrorSummary, type Fault } from '../components/error-summary.tsx'
import { emailFaults, passwordFaults } from '../components/form-texts.ts'
import { PasswordField } from '../components/password-field.tsx'
import { SubmitButton } from '../components/submit-button.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { VisitorFrame } from '../components/visitor-frame.tsx'
import type { Config } from '../config.ts'
import { session } from '../session/current.ts'
import { findEmailFault } from '../session/password.ts'
import type { SessionState } from '../session/session.ts'
import { departures, signInTexts } from '../session/visitor-texts.ts'

type Props = { config: Config; person: Extract<SessionState, { status: 'signed-out' }> }

export function SignIn({ config, person }: Props) {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { faults, busy, wait, submit, errorOf, forget } = useSubmit({
    check: () => findFaults(email, password),
    send: () => session.signIn({ email: email.trim(), password }),
  })
  /** The limit is one of the account: with another e-mail there is nothing to wait for. */
  const writeEmail = (next: string) => {
    setEmail(next)
    if (wait > 0) forget()
  }
  const notice = departures[person.departure]
  return (
    <VisitorFrame
      title={signInTexts.title}
      lead={signInTexts.lead}
      foot={<Foot closed={config.sign_up === 'closed'} />}
    >
      <form onSubmit={submit} noValidate className="grid gap-4">
        {notice && faults.length === 0 && (
          <p role="status" className="note">
            {notice}
          </p>
        )}
        <ErrorSummary faults={faults} />
        <EmailField id="email" value={email} onValue={writeEmail} error={errorOf('email')} autoFocus />
        <PasswordField
          id="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onValue={setPassword}
          error={errorOf('password')}
        />
        <SubmitButton
          label={signInTexts.submit}
          busyLabel={signInTexts.busy}
          busy={busy}
          wait={wait}
          className="btn-primary mt-1 min-h-11"
        />
      </form>
    </VisitorFrame>
  )
}

function Foot({ closed }: { closed: boolean }) {
  const search = useSearch()
  if (closed) return signInTexts.closed
  return (
    <>
      {signInTexts.newHere}{' '}
      <Link href={`/sign-up${search && `?${search}`}`} className="link">
        {signInTexts.create}
      </Link>
    </>
  )
}

function findFaults(email: string, password: string): Fault[] {
  const faults: Fault[] = []
  const emailFault = findEmailFault(email)
  if (emailFault) faults.push({ fieldId: 'email', message: emailFaults[emailFault] })
  if (!password) faults.push({ fieldId: 'password', message: passwordFaults.missing })
  return faults
}
