import type { Variant } from '../state.ts'

/** One way to be wrong that an honest programmer might write, as a switch of the good server. */
export interface Fault {
  name: string
  /** What was written, and in what belief. */
  says: string
  /** Rows that must fall short on it, and no other may but `also`. */
  kills: string[]
  /** Rows that may fall short too, because they look at the same thing. */
  also?: string[]
  /** It can change the victim's rows: then whichever check looks next sees it. */
  damages?: boolean
  /** The deployment it is a fault of; 'hs256' unless said. */
  variant?: Variant
}
