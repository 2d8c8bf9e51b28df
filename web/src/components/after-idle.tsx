import { type ComponentType, useEffect, useState } from 'react'
import { whenIdle } from '../idle.ts'

/** A component whose code is fetched once the browser is idle; until then, and if it does not come, there is nothing. */
export function afterIdle<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  let loaded: ComponentType<Props> | null = null
  return function AfterIdle(props: Props) {
    const [There, setThere] = useState(() => loaded)
    useEffect(() => {
      if (There) return
      const show = (component: ComponentType<Props>) => {
        loaded = component
        setThere(() => component)
      }
      whenIdle(() => load().then(show, () => {}))
    }, [There])
    return There && <There {...props} />
  }
}
