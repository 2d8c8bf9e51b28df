// A file of keys or secrets separated by commas: the first signs, all verify.
import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { writeDurably } from './durable-file.ts'
import { isHeld, takeLock } from './folder-lock.ts'
import { makeKey, makeSecret } from './secrets.ts'
import { StartError } from './start-error.ts'

export type Variable = 'ACCESS_TOKEN_KEYS' | 'AUTH_SECRET'
export type KeyFile = Awaited<ReturnType<typeof openKeyFile>>
type Change = (entries: string[]) => string[]

/** 43 characters of base64url are 32 bytes. */
const KINDS = {
  ACCESS_TOKEN_KEYS: { shape: /^[A-Za-z0-9_-]{1,64}:[A-Za-z0-9_-]{43,}$/, make: makeKey },
  AUTH_SECRET: { shape: /^.{32,}$/, make: makeSecret },
}

export async function openKeyFile(variable: Variable, name: string) {
  const { shape, make } = KINDS[variable]
  const path = await realpath(name).catch(() => {
    throw new StartError(`There is no file ${name} of ${variable}.`)
  })

  async function read(): Promise<string[]> {
    const entries = (await readFile(path, 'utf8')).trim().split(',')
    if (entries.every(entry => shape.test(entry))) return entries
    throw new StartError(`${path} is no list of ${variable}: nothing was changed.`)
  }

  /** One command at a time: of two that read, then write, the second would lose the key of the first. */
  async function change(how: Change): Promise<void> {
    const lock = lockOf(path)
    try {
      await writeDurably(path, how(await read()).join(','))
    } finally {
      lock.close()
    }
  }

  /** The id of what signs, then of the others. */
  const list = async () => (await read()).map(idOf)

  /** Makes one that verifies and does not sign yet. */
  async function announce(): Promise<string> {
    const entry = make()
    await change(entries => [...entries, entry])
    return idOf(entry)
  }

  async function sign(id: string): Promise<void> {
    if (!(await list()).includes(id)) throw new StartError(`${path} has nothing with the id ${id}.`)
    await change(entries => [
      ...entries.filter(entry => idOf(entry) === id),
      ...entries.filter(entry => idOf(entry) !== id),
    ])
  }

  /** Leaves what signs, alone. */
  const retire = () => change(entries => entries.slice(0, 1))

  /** Leaves nothing of what was, and makes a new one. */
  const replace = () => change(() => [make()])

  return {
    path,
    list,
    announce,
    sign,
    retire,
    replace,
    read: () => readFile(path, 'utf8'),
    changedAt: async () => (await stat(path)).mtimeMs,
  }
}

/** A key's own name; of a secret, which has none, a few digits of its hash. */
function idOf(entry: string): string {
  const [kid, secret] = entry.split(':')
  return secret === undefined ? createHash('sha256').update(entry).digest('hex').slice(0, 8) : kid!
}

function lockOf(path: string) {
  try {
    return takeLock(`${path}.lock`)
  } catch (error) {
    if (isHeld(error)) throw new StartError(`Another command is changing ${path}.`)
    throw error
  }
}
