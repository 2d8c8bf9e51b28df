// What was asked and what was acknowledged, by account; and whether what is there agrees.
export interface Session {
  cookie: string
  token: string
  /** When it was first asked to end: from here on a 401 is no surprise. */
  endAskedAt?: number
  /** When its end was acknowledged: a request sent later must get nothing. */
  endedAt?: number
}

export interface Account {
  id: string
  email: string
  /** A text that is in every title of this account and of no other. */
  canary: string
  sessions: Session[]
  writes: Map<string, Write>
}

type Change = { kind: 'replace'; title: string } | { kind: 'delete' }

/** One task: how it came to be, and what was done to it once. Its key is unique, and so are its titles. */
export interface Write {
  key: string
  title: string
  id?: string
  /** Set once its creation was acknowledged. */
  acknowledged: boolean
  change?: Change & { acknowledged: boolean }
}

export interface Row {
  id: string
  user_id: string
  title: string
}

/** Everything in which the rows of an account differ from what its journal allows, a sentence each. */
export function findDisagreements(account: Account, rows: readonly Row[]): string[] {
  const faults: string[] = []
  const found = new Map<string, Row[]>()
  const byTitle = titlesOf(account)
  for (const row of rows) {
    const write = byTitle.get(row.title)
    if (row.user_id !== account.id || !row.title.includes(account.canary))
      faults.push(`crossed: ${account.email} sees ${row.title}`)
    else if (!write) faults.push(`invented: ${row.title}`)
    else found.set(write.key, [...(found.get(write.key) ?? []), row])
  }
  for (const write of account.writes.values()) faults.push(...judge(write, found.get(write.key) ?? []))
  return faults
}

function titlesOf({ writes }: Account): Map<string, Write> {
  const titles = new Map<string, Write>()
  for (const write of writes.values()) {
    titles.set(write.title, write)
    if (write.change?.kind === 'replace') titles.set(write.change.title, write)
  }
  return titles
}

function judge({ title, acknowledged, change }: Write, rows: readonly Row[]): string[] {
  if (rows.length > 1) return [`done twice: ${title}`]
  const [row] = rows
  if (change?.kind === 'delete' && change.acknowledged)
    return row ? [`deleted, and still there: ${title}`] : []
  if (!row) return acknowledged && change?.kind !== 'delete' ? [`acknowledged, and lost: ${title}`] : []
  const isReverted = change?.kind === 'replace' && change.acknowledged && row.title !== change.title
  return isReverted ? [`replaced, and reverted: ${title}`] : []
}
