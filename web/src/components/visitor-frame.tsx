import { type ReactNode, useRef } from 'react'
import { texts } from '../texts.ts'
import { useArrival } from './arrival.ts'
import { Logo } from './logo.tsx'
import { ThemeToggle } from './theme-toggle.tsx'
import { usePageTitle } from './use-page-title.ts'

type Props = { title: string; lead: string; children?: ReactNode; foot?: ReactNode }

/** The page around everything that is seen without being signed in. */
export function VisitorFrame({ title, lead, children, foot }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  usePageTitle(title)
  useArrival(heading, { fromNavigation: false })
  return (
    <div className="grid min-h-dvh grid-rows-[auto_1fr_auto] px-5">
      <header className="flex items-center justify-between py-5 sm:px-3">
        <Logo />
        <ThemeToggle />
      </header>
      <main className="mx-auto w-full max-w-[23rem] self-center pt-4 pb-[8vh]">
        <h1 ref={heading} tabIndex={-1} className="title">
          {title}
        </h1>
        <p className="mt-1.5 mb-7 text-ink-2">{lead}</p>
        {children}
        {foot && <p className="mt-7 text-ink-2">{foot}</p>}
      </main>
      <footer className="pb-5 text-center text-sm text-ink-3">{texts.tagline}</footer>
    </div>
  )
}
