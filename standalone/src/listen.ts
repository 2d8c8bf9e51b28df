import { createServer } from '@latchkey/api/server'
import type { Logger } from 'pino'
import { retryWhile } from './patience.ts'
import type { Site } from './site.ts'
import { StartError } from './start-error.ts'
import type { Stopping } from './stop-signals.ts'

type Address = { host: string; port: number; https: boolean }

/** Takes the port before anything slow is done; until the site is open, its answer is 503. */
export async function listen(site: Site, { host, port, https }: Address, log: Logger, { signal }: Stopping) {
  const attempt = async () => {
    const server = createServer(site.fetch, { log, https })
    return { ...(await server.listen({ host, port })), close: server.close }
  }
  const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code
  try {
    return await retryWhile(error => codeOf(error) === 'EADDRINUSE', attempt, {
      signal,
      what: `Waiting for port ${port} to become free`,
      giveUp: () => `Port ${port} of ${host} is taken by another program: give another one in PORT.`,
    })
  } catch (error) {
    if (error instanceof StartError || !codeOf(error)) throw error
    throw new StartError(`Cannot listen on ${host}, port ${port}: ${(error as Error).message}`, {
      cause: error,
    })
  }
}
