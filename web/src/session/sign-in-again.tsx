import { useRef, useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { ErrorSummary } from '../components/error-summary.tsx'
import { Field } from '../components/field.tsx'
import { formTexts, passwordFaults } from '../components/form-texts.ts'
import { PasswordField } from '../components/password-field.tsx'
import { SubmitButton } from '../components/submit-button.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { session } from './current.ts'
import { signInAgainTexts } from './sign-in-again-texts.ts'

/** Above the page, which stays as it was. The e-mail is fixed: nobody else can go on with what is behind it. */
export default function SignInAgain({ email }: { email: string }) {
  return (
    <Dialog title={signInAgainTexts.title}>
      <p className="-mt-2 mb-5 text-ink-2">{signInAgainTexts.lead}</p>
      <PasswordForm email={email} />
      <SignOut />
    </Dialog>
  )
}

function PasswordForm({ email }: { email: string }) {
  const [password, setPassword] = useState('')
  const { faults, busy, wait, submit, errorOf } = useSubmit({
    check: () => (password ? [] : [{ fieldId: 'again-password', message: passwordFaults.missing }]),
    send: () => session.signInAgain(password),
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <ErrorSummary faults={faults} />
      <Field
        id="again-email"
        name="email"
        type="email"
        label={formTexts.email}
        autoComplete="username"
        className="text-ink-2"
        value={email}
        readOnly
      />
      <PasswordField
        id="again-password"
        name="password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
        error={errorOf('again-password')}
        data-autofocus
      />
      <SubmitButton
        label={signInAgainTexts.submit}
        busyLabel={signInAgainTexts.busy}
        busy={busy}
        wait={wait}
        className="btn-primary mt-1 min-h-11"
      />
    </form>
  )
}

function SignOut() {
  const [busy, setBusy] = useState(false)
  const leaving = useRef(false)
  async function signOut() {
    if (leaving.current) return
    leaving.current = true
    setBusy(true)
    await session.signOut()
  }
  return (
    <button type="button" className="link mt-5" aria-disabled={busy} onClick={signOut}>
      {busy ? signInAgainTexts.leaving : signInAgainTexts.leave}
    </button>
  )
}
