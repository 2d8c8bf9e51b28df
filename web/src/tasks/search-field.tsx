import { Search } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { boardTexts as t } from './board-texts.ts'
import { viewPath } from './views.ts'

const PAUSE = 250

/** What is looked for is part of the address, a moment after it was typed. */
export default function SearchField({ q }: { q: string }) {
  const [text, setText] = useState(q)
  const [, navigate] = useLocation()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  const go = (next: string) => navigate(viewPath({ kind: 'search', q: next.trim() }), { replace: true })
  const write = (next: string) => {
    setText(next)
    clearTimeout(timer.current)
    timer.current = setTimeout(go, PAUSE, next)
  }
  const submit = (event: React.SubmitEvent) => {
    event.preventDefault()
    clearTimeout(timer.current)
    go(text)
  }
  return (
    <search>
      <form onSubmit={submit} className="focus-frame mb-4 flex items-center rounded-xl bg-surface">
        <Search size={18} aria-hidden="true" className="mx-3 flex-none text-ink-3" />
        <input
          type="search"
          className="h-12 min-w-0 flex-1 bg-transparent pe-3 text-base placeholder:text-ink-3 placeholder:opacity-100 focus:outline-none"
          aria-label={t.searchFor}
          placeholder={t.searchFor}
          maxLength={200}
          autoComplete="off"
          enterKeyHint="search"
          // biome-ignore lint/a11y/noAutofocus: whoever opens the search wants to type
          autoFocus
          value={text}
          onChange={event => write(event.target.value)}
        />
      </form>
    </search>
  )
}
