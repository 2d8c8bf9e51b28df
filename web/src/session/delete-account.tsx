import { useState } from 'react'
import { Dialog } from '../components/dialog.tsx'
import { ErrorSummary } from '../components/error-summary.tsx'
import { passwordFaults } from '../components/form-texts.ts'
import { PasswordField } from '../components/password-field.tsx'
import { SubmitButton } from '../components/submit-button.tsx'
import { useSubmit } from '../components/use-submit.ts'
import { texts } from '../texts.ts'
import { issuer } from './account-issuer.ts'
import { accountTexts } from './account-texts.ts'
import { UsernameForPasswordManagers } from './change-password.tsx'
import { session } from './current.ts'

/** The one thing that asks first: it cannot be undone. */
export function DeleteAccount({ email }: { email: string }) {
  const [asking, setAsking] = useState(false)
  return (
    <>
      <button type="button" className="btn btn-danger" onClick={() => setAsking(true)}>
        {accountTexts.removeOpen}
      </button>
      {asking && (
        <Dialog title={accountTexts.removeTitle} onClose={() => setAsking(false)}>
          <Confirmation email={email} onCancel={() => setAsking(false)} />
        </Dialog>
      )}
    </>
  )
}

function Confirmation({ email, onCancel }: { email: string; onCancel(): void }) {
  const [password, setPassword] = useState('')
  const { faults, busy, wait, submit, errorOf } = useSubmit({
    check: () => (password ? [] : [{ fieldId: 'delete-password', message: passwordFaults.missing }]),
    send: async () => {
      await issuer.deleteAccount(password)
      session.accountDeleted()
    },
    fieldOf: code => (code === 'INVALID_PASSWORD' ? 'delete-password' : undefined),
  })
  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <p className="text-ink-2">{accountTexts.removeLead}</p>
      <ErrorSummary faults={faults} />
      <UsernameForPasswordManagers email={email} />
      <PasswordField
        id="delete-password"
        autoComplete="current-password"
        value={password}
        onValue={setPassword}
        error={errorOf('delete-password')}
        autoFocus
      />
      <div className="flex flex-wrap justify-end gap-2">
        <button type="button" className="btn btn-quiet" onClick={onCancel}>
          {texts.cancel}
        </button>
        <SubmitButton
          label={accountTexts.removeConfirm}
          busyLabel={accountTexts.removing}
          busy={busy}
          wait={wait}
          className="btn-danger"
        />
      </div>
    </form>
  )
}
