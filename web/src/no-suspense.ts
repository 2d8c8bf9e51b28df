/**
 * In place of what TanStack Query does for errors that are thrown and lists that suspend: nothing here asks for it, and
 * it is a third of a kilobyte of the first load.
 */
const nothing = () => {}
const never = () => false

export {
  never as defaultThrowOnError,
  never as getHasError,
  never as shouldSuspend,
  nothing as ensurePreventErrorBoundaryRetry,
  nothing as ensureSuspenseTimers,
  nothing as fetchOptimistic,
  nothing as QueryErrorResetBoundary,
  nothing as useClearResetErrorBoundary,
  nothing as useQueryErrorResetBoundary,
}
