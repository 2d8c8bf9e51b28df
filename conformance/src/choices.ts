/** What the requirements leave to the target; the schema says what each is, and fills in what is usual. */
export interface Choices {
  missingKid: 'refused' | 'single-key'
  guessableSecrets: string[]
  jwks?: string
  fractionalExp: 'accepted' | 'refused'

  twoSpaces?: 'accepted' | 'refused'
  encodedOwnId?: 'accepted' | 'refused'
  byteOrderMark?: 'accepted' | 'refused'
  requestTimeout: number
  busyListMs: number
  routeNotFound: 'same' | 'documented'
  documented: string[]
  origins: string[]
  complete: 'toggles' | 'completes'
  limitParameter: string
  cursorParameter: string
  sortParameter: string
  searchParameter: string
  nextPointer?: string
  sorts: string[]
  filters: string[]
  references: string[]
  optionalErrorMembers: string[]

  pages: string[]
  taskPage: string
  pageOrigin?: string
  redirects: string[]

  product?: string
  passwordMin: number
  passwordMax: number
  takenEmail: 'hidden' | 'told'
  mailToken: string
  resetLifetime: number
  signUpsPerMinute: number
  failuresPerAccountAndAddress?: number
  failuresPerAccount: number
  passwordGuesses: number
  signInWave: number

  sessionCookie?: string
  sessionMaxAge?: number
  sessionIdle?: number
  sessionAbsolute?: number
  signOutClears: 'header' | 'page'

  feedPath?: string
  manyRevoked: number
  revokedSessionBytes: number
  eventStream?: string
  webSocket?: string
  streamsPerUser?: number

  floodSeconds: number
  logNames: string[]
}
