import { type ReactNode, useRef } from 'react'
import { useArrival } from './arrival.ts'
import { usePageTitle } from './use-page-title.ts'

type Props = { title: string; lead: string; aside?: ReactNode; children: ReactNode }

/** A page of somebody who is signed in. */
export function Page({ title, lead, aside, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  usePageTitle(title)
  useArrival(heading)
  return (
    <main
      id="content"
      tabIndex={-1}
      className="mx-auto w-full max-w-[48rem] px-4 pt-6 pb-32 sm:px-8 lg:pt-12"
    >
      <header className="mb-6">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
          <h1 ref={heading} tabIndex={-1} className="title min-w-0 wrap-anywhere hyphens-auto">
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
