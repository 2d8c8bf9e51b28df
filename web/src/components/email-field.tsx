import { Field } from './field.tsx'
import { formTexts } from './form-texts.ts'

type Props = { id: string; value: string; error?: string; autoFocus?: boolean; onValue(value: string): void }

export function EmailField({ onValue, ...rest }: Props) {
  return (
    <Field
      {...rest}
      label={formTexts.email}
      name="email"
      type="email"
      inputMode="email"
      autoComplete="username"
      autoCapitalize="none"
      autoCorrect="off"
      spellCheck={false}
      onChange={event => onValue(event.target.value)}
    />
  )
}
