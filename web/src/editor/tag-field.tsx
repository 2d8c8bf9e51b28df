import { X } from 'lucide-react'
import { useId } from 'react'
import { editorTexts } from './editor-texts.ts'
import { type TagProps, useTagCombobox } from './use-tag-combobox.ts'

/**
 * Chips, and a combobox to add more. The suggestions stand in the flow of the form, where no keyboard of a phone
 * covers them and no edge of the dialog cuts them off.
 */
export function TagField(props: TagProps) {
  const id = useId()
  const tags = useTagCombobox(props)
  const { field, text, options, active, isFull } = tags
  return (
    <div className="grid grid-cols-1 gap-1.5">
      <label htmlFor={id} className="font-medium">
        {editorTexts.tags}
      </label>
      <div className="input chips">
        {props.value.map(tag => (
          <Chip key={tag} tag={tag} onRemove={() => tags.remove(tag)} />
        ))}
        <input
          ref={field}
          id={id}
          className="chips-input"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={options.length > 0}
          aria-controls={`${id}-options`}
          aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
          aria-describedby={isFull ? `${id}-full` : undefined}
          placeholder={props.value.length === 0 ? editorTexts.addTag : undefined}
          autoCapitalize="none"
          autoComplete="off"
          enterKeyHint="done"
          value={text}
          onChange={event => tags.write(event.target.value)}
          onFocus={tags.enter}
          onBlur={tags.leave}
          onKeyDown={tags.onKeyDown}
        />
      </div>
      <div
        id={`${id}-options`}
        role="listbox"
        aria-label={editorTexts.tagSuggestions}
        className="flex flex-wrap gap-1.5 empty:hidden"
      >
        {options.map(({ name, label }, at) => (
          <Option
            key={name}
            id={`${id}-${at}`}
            label={label}
            isActive={at === active}
            onChoose={() => tags.add([name])}
          />
        ))}
      </div>
      {isFull && (
        <p id={`${id}-full`} className="text-sm text-ink-3">
          {editorTexts.tagsFull}
        </p>
      )}
      <p role="status" className="sr-only">
        {tags.said}
      </p>
    </div>
  )
}

function Chip({ tag, onRemove }: { tag: string; onRemove(): void }) {
  return (
    <span className="chip">
      <span className="truncate">#{tag}</span>
      <button type="button" className="chip-x" aria-label={editorTexts.removeTag({ tag })} onClick={onRemove}>
        <X size={14} aria-hidden="true" />
      </button>
    </span>
  )
}

type OptionProps = { id: string; label: string; isActive: boolean; onChoose(): void }

function Option({ id, label, isActive, onChoose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's, which keeps the focus
    <div
      id={id}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      className="chip chip-option"
      // The field keeps the focus, and with it what is typed.
      onPointerDown={event => event.preventDefault()}
      onMouseDown={event => event.preventDefault()}
      onClick={onChoose}
    >
      {label}
    </div>
  )
}
