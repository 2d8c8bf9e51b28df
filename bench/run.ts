import { once } from 'node:events'
import { type Servers, type Settings, startServers } from './servers.ts'

/** Starts the servers, measures, and stops them however it went; 1 is the exit code unless all that was promised held. */
export async function runBench(
  settings: Settings,
  measure: (servers: Servers) => Promise<boolean>,
): Promise<void> {
  process.exitCode = 1
  try {
    await using servers = await startServers(settings)
    const stopped = Promise.race(['SIGINT', 'SIGTERM'].map(signal => once(process, signal)))
    const isGood = await Promise.race([measure(servers), stopped.then(() => false)])
    if (isGood) process.exitCode = 0
  } catch (error) {
    // Told, not thrown: an uncaught error would leave the database behind.
    console.error(error)
  }
}
