// Why a check cannot be run against this target: it lacks the feature, or the profile what the check needs.
import type { Check, Need } from './check.ts'
import type { HookFunctions, HookName } from './hooks.ts'
import type { Profile } from './profile.ts'

export interface Target {
  profile: Profile
  hooks: HookFunctions
  /** Checks that flood or destroy may be run. */
  mayHarm: boolean
}

export type Obstacle = { verdict: 'not applicable' | 'not run'; reason: string }

export function obstacleOf(check: Check, { profile, hooks, mayHarm }: Target): Obstacle | null {
  const absent = [check.feature ?? []].flat().find(feature => profile.absent.includes(feature))
  if (absent) return { verdict: 'not applicable', reason: `the target has no ${absent}` }
  const missing = check.needs?.find(need => !isMet(need, profile, hooks))
  if (missing) return { verdict: 'not run', reason: `needs ${missing}` }
  if (!mayHarm && isHarmful(check)) {
    return { verdict: 'not run', reason: 'may harm a target that is not on this machine: give --yes' }
  }
  return null
}

export const isHarmful = ({ kind }: Check) => kind === 'flood' || kind === 'destructive'

function isMet(need: Need, profile: Profile, hooks: HookFunctions): boolean {
  const { recipe, ready } = profile.accounts
  switch (need) {
    case 'key':
      return profile.token.keys.length > 0
    case 'second-key':
      return profile.token.keys.length > 1
    case 'accounts':
    case 'fresh-users':
      return recipe?.signUp !== undefined
    case 'deleted':
      return ready?.deleted !== undefined || recipe?.deleteAccount !== undefined
    case 'issuer':
      return profile.issuer !== undefined
    case 'browser':
      return Boolean(process.env.CHROMIUM)
    default:
      return hooks[need.slice('hook:'.length) as HookName] !== undefined
  }
}
