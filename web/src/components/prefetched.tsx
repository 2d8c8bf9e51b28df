import { type ComponentType, lazy, useEffect, useState } from 'react'
import { texts } from '../texts.ts'
import { showToast } from './toasts.ts'

type Module<Props> = { default: ComponentType<Props> }

/**
 * A component whose code comes later. Once `prefetch` is done it shows at once: React's own `lazy` suspends even then,
 * and holds back what was suspended for 300 ms. Code that does not come is said, and asked for again the next time.
 */
export function prefetched<Props extends object>(load: () => Promise<Module<Props>>) {
  let Loaded: ComponentType<Props> | null = null
  const makeLazy = () =>
    lazy(() =>
      load().catch(() => {
        Lazy = makeLazy()
        return { default: NotLoaded as ComponentType<Props> }
      }),
    ) as unknown as ComponentType<Props>
  let Lazy = makeLazy()

  function Prefetched(props: Props) {
    const [Chosen] = useState<ComponentType<Props>>(() => Loaded ?? Lazy)
    return <Chosen {...props} />
  }

  // A failure here says nothing: it is said when the code is really needed.
  const prefetch = () =>
    load().then(
      module => {
        Loaded = module.default
      },
      () => {},
    )
  return Object.assign(Prefetched, { prefetch })
}

/** Whatever was to be opened closes again. */
function NotLoaded({ onClose }: { onClose?(): void }) {
  useEffect(() => {
    showToast({ id: 'not-loaded', text: texts.notLoaded, tone: 'danger' })
    onClose?.()
  }, [onClose])
  return null
}
