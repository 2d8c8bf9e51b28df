import { type ReactNode, useEffect, useRef } from 'react'
import { usePageTitle } from './use-page-title.ts'

let isFirst = true

type Props = { title: string; lead: string; aside?: ReactNode; children: ReactNode }

/** A signed-in page: its title takes the focus whenever the person comes from another page. */
export function Page({ title, lead, aside, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  usePageTitle(title)
  useEffect(() => {
    if (!isFirst) heading.current?.focus()
    isFirst = false
  }, [])
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto w-full max-w-[48rem] px-4 pt-6 pb-32 sm:px-8 lg:pt-12"
    >
      <header className="mb-6">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <h1 ref={heading} tabIndex={-1} className="title">
            {title}
          </h1>
          {aside}
        </div>
        <p className="mt-1 wrap-anywhere text-ink-3">{lead}</p>
      </header>
      {children}
    </main>
  )
}
