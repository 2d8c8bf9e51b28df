import { useEffect, useState } from 'react'

/** Whole seconds that are left, by the clock: a tab that slept goes on where the time is. */
export function useCountdown(onZero: () => void = () => {}) {
  const [until, setUntil] = useState(0)
  const [left, setLeft] = useState(0)

  useEffect(() => {
    if (until === 0) return
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((until - Date.now()) / 1000))
      setLeft(seconds)
      if (seconds > 0) return
      setUntil(0)
      onZero()
    }
    const timer = setInterval(tick, 250)
    return () => clearInterval(timer)
  }, [until, onZero])

  const start = (seconds: number) => {
    setLeft(seconds)
    setUntil(seconds > 0 ? Date.now() + seconds * 1000 : 0)
  }
  return { left, start }
}
