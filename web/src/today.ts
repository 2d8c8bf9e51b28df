/** The day it is where the person is. It changes at midnight, and a page that slept through that notices on waking. */
import { useSyncExternalStore } from 'react'
import { type PlainDate, wallClock } from './plain-dates.ts'

const LONGEST_SLEEP = 60 * 60_000

export const currentDate = (): PlainDate => wallClock(new Date()).date

function subscribe(listener: () => void) {
  let timer: ReturnType<typeof setTimeout>
  const watch = () => {
    const midnight = new Date().setHours(24, 0, 0, 0)
    timer = setTimeout(check, Math.min(midnight - Date.now() + 50, LONGEST_SLEEP))
  }
  const check = () => {
    clearTimeout(timer)
    listener()
    watch()
  }
  watch()
  document.addEventListener('visibilitychange', check)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', check)
  }
}

export const useToday = () => useSyncExternalStore(subscribe, currentDate)
