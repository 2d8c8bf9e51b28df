// What is no verdict: who is at fault when a check could not be finished.

/** The target did not do what the profile says it can (unreachable, a recipe that fails). */
export class TargetFault extends Error {
  override name = 'TargetFault'
}

/** A command of the profile failed. */
export class HookFault extends Error {
  override name = 'HookFault'
}

/** The kit itself is wrong. */
export class KitFault extends Error {
  override name = 'KitFault'
}

/** Whoever started the kit asked for something that is not there. */
export class UsageFault extends Error {
  override name = 'UsageFault'
}
