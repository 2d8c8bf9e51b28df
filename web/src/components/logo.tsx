import { texts } from '../texts.ts'

export function Logo() {
  return (
    <span className="flex items-center gap-2.5">
      <Mark size={26} />
      <span className="font-display text-xl font-medium tracking-[-0.01em]">{texts.product}</span>
    </span>
  )
}

export function Mark({ size }: { size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" className="flex-none">
      <rect width="32" height="32" rx="9" className="fill-accent" />
      <path
        className="fill-on-accent"
        d="M16 7.25a5 5 0 0 0-2.6 9.27l-1.5 7.1a.9.9 0 0 0 .88 1.08h6.44a.9.9 0 0 0 .88-1.08l-1.5-7.1A5 5 0 0 0 16 7.25Z"
      />
    </svg>
  )
}

export function Boot() {
  return (
    <div className="boot" role="status" aria-label={texts.loading}>
      <Mark size={44} />
    </div>
  )
}
