import { CircleUserRound, LogOut, WifiOff } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Link } from 'wouter'
import { BottomBar, Sidebar } from '../tasks/sidebar.tsx'
import { UnsavedBadge } from '../tasks/unsaved-badge.tsx'
import { useSignOut } from '../tasks/use-sign-out.ts'
import { texts } from '../texts.ts'
import { Logo } from './logo.tsx'
import { shellTexts } from './shell-texts.ts'
import { ThemeToggle } from './theme-toggle.tsx'
import { useOnline } from './use-online.ts'

type Props = { email: string; children: ReactNode }

/** A bar on top and one at the foot of small windows, a column beside large ones. */
export function Shell({ email, children }: Props) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[15.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="btn btn-primary sr-only z-40 focus:not-sr-only focus:fixed focus:start-3 focus:top-3"
      >
        {shellTexts.skip}
      </a>
      <header className="shell-side">
        <Link
          href="/tasks"
          aria-label={texts.product}
          className="me-auto rounded-md lg:me-0 lg:px-2.5 lg:pb-4"
        >
          <Logo />
        </Link>
        <Badges />
        <Sidebar />
        <div className="flex items-center gap-1 lg:border-t lg:border-line lg:ps-2.5 lg:pt-2">
          <span className="hidden min-w-0 flex-1 truncate text-sm text-ink-2 lg:block" title={email}>
            {email}
          </span>
          <Link
            href="/account"
            className="icon-btn"
            aria-label={shellTexts.account}
            title={shellTexts.account}
          >
            <CircleUserRound size={18} aria-hidden="true" />
          </Link>
          <ThemeToggle />
          <SignOutButton />
        </div>
      </header>
      {children}
      <BottomBar />
    </div>
  )
}

function SignOutButton() {
  const leave = useSignOut()
  const [busy, setBusy] = useState(false)
  const running = useRef(false)
  async function signOut() {
    if (running.current) return
    running.current = true
    setBusy(true)
    await leave().finally(() => {
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

function Badges() {
  const online = useOnline()
  return (
    <div role="status" className="flex flex-wrap gap-1 empty:hidden lg:pb-3">
      {!online && (
        <span className="badge">
          <WifiOff size={14} aria-hidden="true" />
          {shellTexts.offline}
        </span>
      )}
      <UnsavedBadge />
    </div>
  )
}
