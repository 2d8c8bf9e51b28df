// Keys and secrets that are read again at SIGHUP, while everything goes on.
import { createHash } from 'node:crypto'
import { readFile, realpath, rm } from 'node:fs/promises'
import type { Logger } from 'pino'
import { writeDurably } from './durable-file.ts'
import { StartError } from './start-error.ts'

/** The variables whose files can be rotated. */
export const ROTATED = ['ACCESS_TOKEN_KEYS', 'AUTH_SECRET'] as const

type KeyFile = { variable: string; path: string; text: string }

/** Calls `use` with the environment as the files make it now; whatever it throws, the process goes on as before. */
export function reloadOnHangup(
  source: NodeJS.ProcessEnv,
  log: Logger,
  use: (source: NodeJS.ProcessEnv) => Promise<void>,
): { close(): Promise<void> } {
  const confirmed = new Set<string>()
  let last = Promise.resolve()

  async function reload(): Promise<void> {
    try {
      const files = await readKeyFiles(source)
      await use({ ...source, ...valuesOf(files) })
      log.info({ event: 'sys_keys_reloaded' }, 'keys and secrets were read again')
      for (const { path, text } of files) await confirm(path, text)
    } catch (error) {
      const reason = error instanceof StartError ? error.message : (error as Error).name
      log.error({ event: 'sys_keys_reload_fail', reason }, 'keys and secrets stay as they were')
    }
  }

  /** Tells `npm run keys` that this process has read this text. */
  async function confirm(path: string, text: string): Promise<void> {
    const file = confirmationOf(await realpath(path), process.pid)
    await writeDurably(file, digestOf(text))
    confirmed.add(file)
  }

  const onHangup = () => {
    last = last.then(reload)
  }
  process.on('SIGHUP', onHangup)
  return {
    close: async () => {
      process.off('SIGHUP', onHangup)
      await last
      for (const file of confirmed) await rm(file, { force: true })
    },
  }
}

/** Each file once, so that what is used is what is confirmed. */
async function readKeyFiles(source: NodeJS.ProcessEnv): Promise<KeyFile[]> {
  const named = ROTATED.flatMap(variable => {
    const path = source[`${variable}_FILE`]
    return path && !source[variable] ? [{ variable, path }] : []
  })
  return await Promise.all(
    named.map(async ({ variable, path }) => {
      const text = await readFile(path, 'utf8').catch(() => {
        throw new StartError(`${variable}_FILE names a file that cannot be read.`)
      })
      return { variable, path, text: text.trim() }
    }),
  )
}

function valuesOf(files: KeyFile[]): NodeJS.ProcessEnv {
  return Object.fromEntries(
    files.flatMap(({ variable, text }) => [
      [variable, text],
      [`${variable}_FILE`, undefined],
    ]),
  )
}

/** Beside the file of secrets: who may not read it, may not read this either. */
export const confirmationOf = (path: string, pid: number) => `${path}.read-by-${pid}`

export const digestOf = (text: string) => createHash('sha256').update(text.trim()).digest('hex')
