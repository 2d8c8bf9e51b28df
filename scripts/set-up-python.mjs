// Makes the virtual environment of reference/fastapi with exactly what its lock lists, and with --snippets what those
// of docs/your-own-backend.md need. Does nothing, quickly and offline, when there is nothing to do. What is missing is
// said in one sentence; without it there is nothing to run.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../reference/fastapi')
const environment = join(folder, '.venv')
const python = join(environment, 'bin/python')
const stamp = join(environment, '.made-from')
/** Where the snippets are run: within the project, so that what they import is found. */
const workshop = join(folder, '.own-backend')
const EXPRESS = ['test/express/package.json', 'test/express/package-lock.json']
const INSTALL_MS = 300_000
const CHECK = 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))'

class SetUpError extends Error {}

const say = text => console.error(`set-up: ${text}`)

async function setUp(wanted) {
  await provideEnvironment()
  if (wanted.has('--snippets')) await provideSnippets()
}

async function provideEnvironment() {
  const wanted = fingerprint(['requirements.lock', 'pyproject.toml'])
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted && (await works(python, ['-c', 'pass'])))
    return
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

async function provideSnippets() {
  if (!(await works('go', ['version'])))
    throw new SetUpError('the snippet in Go needs Go 1.19 or newer (on Debian: apt-get install golang-go).')
  await installExpress()
}

/** Here and not in the test, which is given nothing of whoever calls: no registry, proxy or certificate of theirs. */
async function installExpress() {
  const wanted = fingerprint(EXPRESS)
  const stamp = join(workshop, '.made-from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return
  mkdirSync(workshop, { recursive: true })
  for (const file of EXPRESS) copyFileSync(join(folder, file), join(workshop, basename(file)))
  // Under `npm run` these name the npm in use and its own Node, whose configuration another Node would not find.
  const { npm_execpath: npm = '', npm_node_execpath: node = process.execPath } = process.env
  const command = npm.endsWith('npm-cli.js') ? [node, npm] : ['npm']
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=http', '--prefix', workshop]
  await runQuietly('installing Express for its snippet', [...command, 'ci', ...flags], workshop)
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
  for (const name of names) if (await works(name, ['-c', CHECK])) return name
  throw new SetUpError(
    `the FastAPI reference needs Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv); ` +
      `looked for ${names.join(', ')}. PYTHON may name another one.`,
  )
}

async function works(command, args) {
  const child = spawn(command, args, { stdio: 'ignore' })
  return await new Promise(resolve => {
    child.on('error', () => resolve(false))
    child.on('close', status => resolve(status === 0))
  })
}

/** Everything a step prints goes to stderr: stdout belongs to the program that follows. */
async function run(what, [command, ...args]) {
  say(what)
  const reason = await endOf(spawn(command, args, { stdio: ['ignore', 2, 2] }))
  if (reason) throw new SetUpError(`${what} failed: ${reason}`)
}

/** What it prints is of interest only when it fails, and then all of it. */
async function runQuietly(what, [command, ...args], cwd) {
  say(what)
  const child = spawn(command, args, { cwd, timeout: INSTALL_MS, stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  for (const output of [child.stdout, child.stderr]) output.on('data', data => said.push(data))
  const reason = await endOf(child)
  if (!reason) return
  const text = Buffer.concat(said).toString().trim()
  throw new SetUpError(`${what} failed: ${reason} (it has ${INSTALL_MS / 1000} s). It said:\n${text}`)
}

function endOf(child) {
  return new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', (code, signal) =>
      resolve(signal ? `${signal} ended it` : code && `it ended with ${code}`),
    )
  })
}

try {
  await setUp(new Set(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof SetUpError) && !error.code) throw error
  say(error.message)
  process.exitCode = 1
}
