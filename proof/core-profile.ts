// The profile of a deployment whose API offers the core alone (docs/api.md): what the full one says of it, less what
// organizes tasks.
import type { createProfile } from './profile.ts'

type Profile = Awaited<ReturnType<typeof createProfile>> & {
  name: string
  absent: string[]
  routes: Record<string, object>
  task: { members: string[] }
  choices: object
}

const ABSENT = ['bulk', 'counts', 'search', 'sort', 'sub-resources', 'trash']
const ROUTES = ['list', 'create', 'read', 'replace', 'change', 'delete', 'complete']
const MEMBERS = ['id', 'user_id', 'title', 'description', 'completed', 'created_at', 'updated_at', 'revision']

export function coreOf(full: object): object {
  const { name, absent, routes, task, choices, ...rest } = full as Profile
  return {
    ...rest,
    name: `${name}, the core`,
    absent: [...absent, ...ABSENT],
    routes: Object.fromEntries(ROUTES.map(route => [route, routes[route]])),
    task: { ...task, members: MEMBERS },
    choices: {
      ...choices,
      documented: ['/api/openapi.json', '/healthz', '/readyz'],
      sorts: ['newest'],
      filters: ['completed=false'],
      references: [],
      taskPage: '/tasks',
      // A million are asked of ours.
      manyRevoked: 100_000,
    },
  }
}
