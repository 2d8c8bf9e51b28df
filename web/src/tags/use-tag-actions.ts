import { useLocation } from 'wouter'
import type { Tag } from '../tasks/task.ts'
import { useTaskServices } from '../tasks/task-services.ts'
import { viewPath } from '../tasks/views.ts'
import { createTagActions } from './tag-actions.ts'
import { isSameTag } from './tag-names.ts'

/** The actions on one tag. Whoever looks at it goes where its tasks went. */
export function useTagActions(tag: Tag) {
  const services = useTaskServices()
  const [path, navigate] = useLocation()
  const actions = createTagActions(services)
  const isHere = () => {
    const [, first, name] = path.split('/')
    return first === 'tags' && name !== undefined && isSameTag(decodeURIComponent(name), tag.name)
  }
  const follow = (to: string) => isHere() && navigate(to, { replace: true })
  return {
    async rename(name: string) {
      await actions.rename(tag, name)
      follow(viewPath({ kind: 'tag', name }))
    },
    merge(into: Tag) {
      actions.merge(tag, into)
      follow(viewPath({ kind: 'tag', name: into.name }))
    },
    remove() {
      actions.remove(tag)
      follow(viewPath({ kind: 'inbox' }))
    },
  }
}
