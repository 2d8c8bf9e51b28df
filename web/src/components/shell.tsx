import { CircleCheck, CircleUserRound, LogOut, WifiOff } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Link, useLocation } from 'wouter'
import { texts } from '../texts.ts'
import { Logo } from './logo.tsx'
import { shellTexts } from './shell-texts.ts'
import { ThemeToggle } from './theme-switch.tsx'
import { useOnline } from './use-online.ts'

type Props = { email: string; onSignOut(): Promise<void>; children: ReactNode }

/** A bar on top of small windows, a column beside large ones. */
export function Shell({ email, onSignOut, children }: Props) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="btn btn-primary sr-only z-40 focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {shellTexts.skip}
      </a>
      <header className="flex flex-wrap items-center gap-x-1 gap-y-0 border-line px-4 pt-3 sm:px-8 lg:sticky lg:top-0 lg:h-dvh lg:flex-col lg:flex-nowrap lg:items-stretch lg:border-e lg:bg-sunken lg:px-3 lg:py-5">
        <Link
          href="/tasks"
          aria-label={texts.product}
          className="me-auto rounded-md lg:me-0 lg:px-2.5 lg:pb-5"
        >
          <Logo />
        </Link>
        <OfflineBadge />
        <Navigation />
        <div className="flex items-center gap-1 lg:mt-auto lg:ps-2.5">
          <span className="hidden min-w-0 flex-1 truncate text-sm text-ink-2 lg:block" title={email}>
            {email}
          </span>
          <ThemeToggle />
          <SignOutButton onSignOut={onSignOut} />
        </div>
      </header>
      {children}
    </div>
  )
}

const PLACES = [
  { path: '/tasks', label: 'tasks', Icon: CircleCheck },
  { path: '/account', label: 'account', Icon: CircleUserRound },
] as const

function Navigation() {
  const [here] = useLocation()
  return (
    <nav aria-label={shellTexts.main} className="flex gap-1 lg:grid lg:gap-0.5">
      {PLACES.map(({ path, label, Icon }) => (
        <Link key={path} href={path} aria-current={here === path ? 'page' : undefined} className="nav-link">
          <Icon size={18} aria-hidden="true" />
          <span className="max-lg:sr-only">{shellTexts[label]}</span>
        </Link>
      ))}
    </nav>
  )
}

function SignOutButton({ onSignOut }: Pick<Props, 'onSignOut'>) {
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  async function signOut() {
    if (running.current) return
    running.current = true
    setBusy(true)
    await onSignOut().finally(() => {
      running.current = false
      setBusy(false)
    })
  }
  return (
    <button
      type="button"
      className={`icon-btn ${busy ? 'animate-pulse' : ''}`}
      aria-label={busy ? shellTexts.signingOut : shellTexts.signOut}
      title={shellTexts.signOut}
      onClick={signOut}
    >
      <LogOut size={18} aria-hidden="true" />
    </button>
  )
}

function OfflineBadge() {
  const online = useOnline()
  return (
    <div role="status" className="lg:order-last lg:pt-3 empty:hidden">
      {!online && (
        <span className="badge">
          <WifiOff size={14} aria-hidden="true" />
          {shellTexts.offline}
        </span>
      )}
    </div>
  )
}
