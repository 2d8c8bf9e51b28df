import { Suspense, useEffect } from 'react'
import { whenIdle } from '../idle.ts'
import { texts } from '../texts.ts'
import { prefetched } from './prefetched.tsx'
import { endToast, useToasts } from './toasts.ts'

const ToastBox = prefetched(() => import('./toast-box.tsx'))

/** The region is there before it has anything to say: only then is it read out. */
export function Toaster() {
  const toasts = useToasts()
  useEffect(() => whenIdle(ToastBox.prefetch), [])
  return (
    <section className="toasts" aria-label={texts.notifications} aria-live="polite" aria-relevant="additions">
      <Suspense>
        {toasts.map(toast => (
          <ToastBox key={toast.id} toast={toast} onClose={() => endToast(toast.id)} />
        ))}
      </Suspense>
    </section>
  )
}
