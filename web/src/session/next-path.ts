/** Where to go after signing in. */

import type { Config } from '../config.ts'

/** The page decides which view that is. */
export const HOME = '/tasks'

/** The view it is. */
export const homeView = ({ features }: Pick<Config, 'features'>) =>
  features.includes('organize') ? '/today' : HOME

/** What only somebody who is signed in can see. `/` is one of them for visitors alone. */
export const GUARDED =
  /^\/(?:tasks|today|upcoming|inbox|done|trash|search|account|lists\/[^/]+|tags\/[^/]+|)$/

/** Only a path of this page. Anything that a browser could read as another origin or a script becomes the home. */
export function safeNextPath(next: string | null, origin: string): string {
  // A URL parser drops tabs and line breaks and reads `\` as `/`, so `/\evil` and `/<tab>/evil` are other hosts.
  if (!next?.startsWith('/') || /^\/\/|\\|\p{Cc}/u.test(next)) return HOME
  const url = URL.parse(next, origin)
  if (!url || url.origin !== origin) return HOME
  if (
    url.pathname.startsWith('//') ||
    /^\/(api|sign-in|sign-up)(\/|$)/.test(url.pathname) ||
    url.pathname === '/'
  ) {
    return HOME
  }
  return url.pathname + url.search + url.hash
}

export function signInPath(here: string): string {
  return here === HOME || here === '/' ? '/sign-in' : `/sign-in?${new URLSearchParams({ next: here })}`
}
