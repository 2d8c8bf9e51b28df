import { type SubmitEvent, useId, useState } from 'react'
import {
  type Choice,
  type Choices,
  chosenValue,
  type Difference,
  findDifferences,
  resolvedChange,
  type Versions,
} from './conflict.ts'
import { conflictTexts } from './conflict-texts.ts'
import type { Content, Field } from './content.ts'
import { editorTexts } from './editor-texts.ts'

type Props = {
  versions: Versions
  /** A value in words, or nothing when there is none. */
  say(field: Field, content: Content): string
  onSettle(change: Partial<Content>): void
  onLater(): void
}

/** Both versions side by side, field by field where they differ. */
export function ConflictForm({ versions, say, onSettle, onLater }: Props) {
  const [choices, setChoices] = useState<Choices>({})
  const differences = findDifferences(versions)
  const chooseAll = (choice: Choice) =>
    setChoices(Object.fromEntries(differences.map(({ field }) => [field, choice])))
  function submit(event: SubmitEvent) {
    event.preventDefault()
    onSettle(resolvedChange(versions, choices))
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-5">
      <p className="text-ink-2 wrap-anywhere">{conflictTexts.lead({ title: versions.base.title })}</p>
      {differences.length > 1 && (
        <div className="flex flex-wrap gap-2">
          <button type="button" className="btn btn-quiet" onClick={() => chooseAll('mine')}>
            {conflictTexts.allMine}
          </button>
          <button type="button" className="btn btn-quiet" onClick={() => chooseAll('theirs')}>
            {conflictTexts.allTheirs}
          </button>
        </div>
      )}
      {differences.map(difference => (
        <DifferenceField
          key={difference.field}
          difference={difference}
          versions={versions}
          chosen={choices[difference.field] ?? difference.preselected}
          say={say}
          onChoose={choice => setChoices({ ...choices, [difference.field]: choice })}
        />
      ))}
      <p className="text-sm text-ink-3">{conflictTexts.notInBoth}</p>
      <div className="dialog-foot">
        <button type="button" className="btn btn-quiet" onClick={onLater}>
          {conflictTexts.later}
        </button>
        <button type="submit" className="btn btn-primary">
          {conflictTexts.keep}
        </button>
      </div>
    </form>
  )
}

type FieldProps = Pick<Props, 'versions' | 'say'> & {
  difference: Difference
  chosen: Choice
  onChoose(choice: Choice): void
}

function DifferenceField({ difference: { field, choices }, versions, chosen, say, onChoose }: FieldProps) {
  const name = useId()
  const label = { mine: conflictTexts.mine, theirs: conflictTexts.theirs, both: conflictTexts.both }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 font-medium">{FIELD_NAMES[field]()}</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {choices.map(choice => (
          <label key={choice} className={`version ${choice === 'both' ? 'sm:col-span-2' : ''}`}>
            <input
              type="radio"
              name={name}
              className="version-radio"
              checked={chosen === choice}
              onChange={() => onChoose(choice)}
            />
            <span className="min-w-0">
              <span className="block text-sm text-ink-3">{label[choice]}</span>
              <span className="version-value">
                {say(field, { ...versions.theirs, [field]: chosenValue(field, choice, versions) }) || (
                  <i className="text-ink-3">{conflictTexts.empty}</i>
                )}
              </span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

const FIELD_NAMES: Record<Field, () => string> = {
  title: () => editorTexts.name,
  description: () => editorTexts.description,
  due: () => editorTexts.due,
  recurrence: () => editorTexts.repeat,
  priority: () => editorTexts.priority,
  list: () => editorTexts.list,
  tags: () => editorTexts.tags,
}
