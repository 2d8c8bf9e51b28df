/** `public/early.js` asks before this code is here: null where no answer came. */
declare global {
  interface Window {
    latchkeyAsked?: Record<string, Promise<Response | null>>
  }
}

/** Each answer serves once, and only within the time that the request itself would have had. */
export const browserFetch: typeof fetch = async (path, init) => {
  const asked = takeAnswer(path)
  return (asked && (await Promise.race([asked, aborted(init?.signal)]))) || fetch(path, init)
}

function takeAnswer(path: Parameters<typeof fetch>[0]) {
  const { latchkeyAsked: answers } = window
  if (typeof path !== 'string' || !answers?.[path]) return null
  const asked = answers[path]
  delete answers[path]
  return asked
}

/** Then the request that is made after all says how it ended. */
const aborted = (signal: AbortSignal | null | undefined) =>
  new Promise<null>(resolve => signal?.addEventListener('abort', () => resolve(null)))
