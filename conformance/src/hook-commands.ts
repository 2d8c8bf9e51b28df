// The profile's hooks: each a command that reads one JSON object and writes one.
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { HookFault } from './faults.ts'
import type { HookFunctions, HookName } from './hooks.ts'

/** Starting a server or filling a database may take its time; a command that hangs must end. */
const PATIENCE_MS = 180_000

export function createHooks(commands: Partial<Record<HookName, string[]>>, folder = '.'): HookFunctions {
  const names = Object.keys(commands) as HookName[]
  const hooks = names.map(name => [name, (asks: object) => runHook(name, commands[name]!, asks, folder)])
  return Object.fromEntries(hooks)
}

async function runHook(
  name: HookName,
  [command, ...args]: string[],
  asks: object,
  folder: string,
): Promise<object> {
  const child = spawn(command!, args, {
    cwd: folder,
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: PATIENCE_MS,
  })
  const { promise: ended, resolve, reject } = Promise.withResolvers<number | null>()
  child.once('error', reject).once('close', resolve)
  // A command that does not read what it is asked may have ended before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(JSON.stringify(asks))
  const streams = Promise.all([text(child.stdout), text(child.stderr)])
  const code = await ended.catch(error => {
    throw new HookFault(`hook ${name}: ${error.message}`)
  })
  const [output, complaint] = await streams
  if (code !== 0) throw new HookFault(`hook ${name} ended with ${code}: ${complaint.trim().slice(-500)}`)
  return parse(name, output)
}

function parse(name: string, output: string): object {
  try {
    return JSON.parse(output.trim() || '{}')
  } catch {
    throw new HookFault(`hook ${name} wrote no JSON: ${output.slice(0, 200)}`)
  }
}
