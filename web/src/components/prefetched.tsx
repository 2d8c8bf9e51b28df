import { type ComponentType, lazy, useState } from 'react'

type Module<Props> = { default: ComponentType<Props> }

/**
 * A component whose code comes later. Once `prefetch` is done it shows at once: React's own `lazy` suspends even then,
 * and holds back what was suspended for 300 ms.
 */
export function prefetched<Props extends object>(load: () => Promise<Module<Props>>) {
  const Lazy = lazy(load) as unknown as ComponentType<Props>
  let Loaded: ComponentType<Props> | null = null

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
