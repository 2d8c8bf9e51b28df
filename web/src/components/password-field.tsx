import { type ComponentProps, useState } from 'react'
import { advisePassword, LONGEST } from '../session/password.ts'
import { Field } from './field.tsx'
import { formTexts, passwordAdvice } from './form-texts.ts'

type Props = Omit<
  ComponentProps<typeof Field>,
  'type' | 'after' | 'hint' | 'label' | 'value' | 'onChange'
> & {
  label?: string
  value: string
  onValue(value: string): void
  autoComplete: 'current-password' | 'new-password'
  /** A new password comes with advice; the email is what it should not resemble. */
  adviseFor?: string
  /** Has the focus when its dialog opens. */
  'data-autofocus'?: true
}

/** One field that can be shown, pasted into and filled by a password manager. */
export function PasswordField({ label = formTexts.password, value, onValue, adviseFor, ...rest }: Props) {
  const [shown, setShown] = useState(false)
  return (
    <Field
      {...rest}
      label={label}
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      className="pe-18"
      value={value}
      onChange={event => onValue(event.target.value)}
      after={<ShowButton label={label} shown={shown} onToggle={() => setShown(!shown)} />}
      hint={adviseFor === undefined ? undefined : <Advice password={value} email={adviseFor} />}
    />
  )
}

function ShowButton({ label, shown, onToggle }: { label: string; shown: boolean; onToggle(): void }) {
  return (
    <button
      type="button"
      className="absolute inset-y-0 end-1.5 my-auto h-8 rounded-md px-2.5 text-sm font-semibold text-ink-2 hover:bg-hover hover:text-ink"
      aria-label={shown ? formTexts.hideField({ field: label }) : formTexts.showField({ field: label })}
      onClick={onToggle}
    >
      {shown ? formTexts.hide : formTexts.show}
    </button>
  )
}

const BARS = ['w-0', 'w-1/4 bg-danger', 'w-3/5 bg-warning', 'w-full bg-accent']

function Advice({ password, email }: { password: string; email: string }) {
  const advice = password.length > LONGEST ? 0 : advisePassword(password, email)
  return (
    <>
      <div className="mt-1 h-1 overflow-hidden rounded-full bg-hover" aria-hidden="true">
        <div className={`h-full rounded-full transition-[width] duration-200 ${BARS[advice]}`} />
      </div>
      <p className="mt-1.5" aria-live="polite">
        {passwordAdvice[advice]}
      </p>
    </>
  )
}
