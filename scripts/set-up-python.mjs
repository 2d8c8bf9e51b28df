// Makes the virtual environment of reference/fastapi with exactly what its lock lists. Does nothing, quickly and
// offline, when there is nothing to do. What is missing is said in one sentence; without it there is nothing to run.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../reference/fastapi')
const environment = join(folder, '.venv')
const python = join(environment, 'bin/python')
const stamp = join(environment, '.made-from')
const CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

class SetUpError extends Error {}

const say = text => console.error(`set-up: ${text}`)

async function setUp() {
  const wanted = fingerprint(['requirements.lock', 'pyproject.toml'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && (await works(python, 'pass'))) return
  const base = await findPython()
  rmSync(environment, { recursive: true, force: true })
  await run('making a virtual environment for Python', [base, '-m', 'venv', environment])
  const pip = [python, '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check']
  await run('installing the packages of reference/fastapi/requirements.lock', [
    ...pip,
    '--no-deps',
    '--requirement',
    join(folder, 'requirements.lock'),
  ])
  await run('installing latchkey-fastapi', [
    ...pip,
    '--no-deps',
    '--no-build-isolation',
    '--editable',
    folder,
  ])
  writeFileSync(stamp, wanted)
}

function fingerprint(names) {
  const hash = createHash('sha256')
  for (const name of names) hash.update(readFileSync(join(folder, name))).update('\0')
  return hash.digest('hex')
}

async function findPython() {
  const names = process.env.PYTHON
    ? [process.env.PYTHON]
    : ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python']
  for (const name of names) if (await works(name, CHECK)) return name
  throw new SetUpError(
    `the FastAPI reference needs Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv); ` +
      `looked for ${names.join(', ')}. PYTHON may name another one.`,
  )
}

async function works(command, code) {
  const child = spawn(command, ['-c', code], { stdio: 'ignore' })
  return await new Promise(resolve => {
    child.on('error', () => resolve(false))
    child.on('close', status => resolve(status === 0))
  })
}

/** Everything a step prints goes to stderr: stdout belongs to the program that follows. */
async function run(what, [command, ...args]) {
  say(what)
  const child = spawn(command, args, { stdio: ['ignore', 2, 2] })
  const reason = await new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', (code, signal) => resolve(signal ?? (code && `it ended with ${code}`)))
  })
  if (reason) throw new SetUpError(`${what} failed: ${reason}`)
}

try {
  await setUp()
} catch (error) {
  if (!(error instanceof SetUpError) && !error.code) throw error
  say(error.message)
  process.exitCode = 1
}
