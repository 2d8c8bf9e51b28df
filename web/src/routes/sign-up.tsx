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
import { findEmailFault, findPasswordFault } from '../session/password.ts'
import { signUpTexts } from '../session/visitor-texts.ts'

export function SignUp({ config }: { config: Config }) {
  if (config.sign_up === 'closed') {
    return <VisitorFrame title={signUpTexts.closedTitle} lead={signUpTexts.closedLead} foot={<Foot />} />
  }
  return (
    <VisitorFrame title={signUpTexts.title} lead={signUpTexts.lead} foot={<Foot />}>
      <SignUpForm />
    </VisitorFrame>
  )
}

function SignUpForm() {
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const { faults, busy, wait, submit, errorOf } = useSubmit({
    check: () => findFaults(email, password),
    send: () => session.signUp({ email: email.trim(), password }),
    fieldOf: code => (code.startsWith('PASSWORD') ? 'password' : /EMAIL$/.test(code) ? 'email' : undefined),
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <ErrorSummary faults={faults} />
      <EmailField id="email" value={email} onValue={setEmail} error={errorOf('email')} autoFocus />
      <PasswordField
        id="password"
        name="password"
        autoComplete="new-password"
        value={password}
        onValue={setPassword}
        error={errorOf('password')}
        adviseFor={email}
      />
      <SubmitButton
        label={signUpTexts.submit}
        busyLabel={signUpTexts.busy}
        busy={busy}
        wait={wait}
        className="btn-primary mt-1 min-h-11"
      />
    </form>
  )
}

function Foot() {
  const search = useSearch()
  return (
    <>
      {signUpTexts.haveOne}{' '}
      <Link href={`/sign-in${search && `?${search}`}`} className="link">
        {signUpTexts.signIn}
      </Link>
    </>
  )
}

function findFaults(email: string, password: string): Fault[] {
  const faults: Fault[] = []
  const emailFault = findEmailFault(email)
  const passwordFault = findPasswordFault(password, email)
  if (emailFault) faults.push({ fieldId: 'email', message: emailFaults[emailFault] })
  if (passwordFault) faults.push({ fieldId: 'password', message: passwordFaults[passwordFault] })
  return faults
}
