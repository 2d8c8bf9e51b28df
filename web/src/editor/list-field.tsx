import { useId } from 'react'
import type { List } from '../tasks/task.ts'
import { editorTexts } from './editor-texts.ts'

type Props = { value: string | null; lists: readonly List[]; onChange(list: string | null): void }

export function ListField({ value, lists, onChange }: Props) {
  const id = useId()
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {editorTexts.list}
      </label>
      <select
        id={id}
        className="input"
        value={value ?? ''}
        onChange={event => onChange(event.target.value || null)}
      >
        <option value="">{editorTexts.inbox}</option>
        {lists.map(list => (
          <option key={list.id} value={list.id}>
            {list.name}
          </option>
        ))}
      </select>
    </div>
  )
}
