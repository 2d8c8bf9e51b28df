// A virtual environment for a Python program, made once for its requirements and kept between runs.
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')

/** The folder of the programs; throws with the reason when there is no Python 3.11 or newer. */
export async function pythonFor(requirements: string): Promise<string> {
  const hash = createHash('sha256').update(readFileSync(requirements)).digest('hex').slice(0, 12)
  const folder = join(root, 'node_modules/.cache/latchkey-python', hash)
  const programs = join(folder, 'bin')
  if (existsSync(join(folder, 'complete'))) return programs
  await run('python3', ['-c', 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 is needed"'])
  await run('python3', ['-m', 'venv', '--clear', folder])
  await run(join(programs, 'pip'), ['install', '--quiet', '--requirement', requirements])
  await run('touch', [join(folder, 'complete')])
  return programs
}
