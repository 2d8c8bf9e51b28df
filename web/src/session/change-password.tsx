import { useState } from 'react'
import { ErrorSummary, type Fault } from '../components/error-summary.tsx'
import { passwordFaults } from '../components/form-texts.ts'
import { PasswordField } from '../components/password-field.tsx'
import { SubmitButton } from '../components/submit-button.tsx'
import { showToast } from '../components/toasts.ts'
import { useSubmit } from '../components/use-submit.ts'
import { issuer } from './account-issuer.ts'
import { accountTexts } from './account-texts.ts'
import { session } from './current.ts'
import { findPasswordFault } from './password.ts'

type Props = { email: string; onChanged(): void }

export function ChangePassword({ email, onChanged }: Props) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { faults, busy, wait, submit, errorOf } = useSubmit({
    check: () => findFaults(current, next, email),
    send: async () => {
      session.adopt(await issuer.changePassword(current, next))
      setCurrent('')
      setNext('')
      onChanged()
      showToast({ text: accountTexts.changed })
    },
    fieldOf: code =>
      code === 'INVALID_PASSWORD'
        ? 'current-password'
        : code.startsWith('PASSWORD')
          ? 'new-password'
          : undefined,
  })
  return (
    <form onSubmit={submit} noValidate className="grid max-w-[23rem] gap-4">
      <ErrorSummary faults={faults} />
      <UsernameForPasswordManagers email={email} />
      <PasswordField
        id="current-password"
        label={accountTexts.current}
        autoComplete="current-password"
        value={current}
        onValue={setCurrent}
        error={errorOf('current-password')}
      />
      <PasswordField
        id="new-password"
        label={accountTexts.next}
        autoComplete="new-password"
        value={next}
        onValue={setNext}
        error={errorOf('new-password')}
        adviseFor={email}
      />
      <SubmitButton
        label={accountTexts.change}
        busyLabel={accountTexts.changing}
        busy={busy}
        wait={wait}
        className="btn-primary justify-self-start"
      />
    </form>
  )
}

export function UsernameForPasswordManagers({ email }: { email: string }) {
  return <input type="email" autoComplete="username" value={email} readOnly hidden />
}

function findFaults(current: string, next: string, email: string): Fault[] {
  const faults: Fault[] = []
  const fault = findPasswordFault(next, email)
  if (!current) faults.push({ fieldId: 'current-password', message: accountTexts.currentMissing })
  if (fault) {
    const message = fault === 'missing' ? accountTexts.nextMissing : passwordFaults[fault]
    faults.push({ fieldId: 'new-password', message })
  } else if (next === current) faults.push({ fieldId: 'new-password', message: accountTexts.same })
  return faults
}
