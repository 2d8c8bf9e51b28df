/** In place of TanStack Query's timers that can be exchanged: these are the browser's. */
export const timeoutManager = globalThis
export const systemSetTimeoutZero = (work: () => void) => setTimeout(work)
