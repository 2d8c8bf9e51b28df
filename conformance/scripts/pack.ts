// The first half of `npm run kit:pack`: the tarball as somebody else gets it. Installed into an empty folder, it is plain JavaScript
// with types, holds the good server and fails a broken one. Its two dependencies come from npm's cache or registry.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { stringify } from 'yaml'
import { startGoodServer } from '../broken/good-server.ts'
import { documentOf } from '../broken/profile.ts'

const kit = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'kit-pack-'))
const require = createRequire(import.meta.url)
const faults: string[] = []

try {
  const [tarball] = JSON.parse(npm(['pack', '--json', '--pack-destination', folder], kit))
  const foreign = tarball.files.filter(({ path }: { path: string }) => !isOurs(path))
  expect(
    foreign.length === 0,
    `the tarball holds ${foreign.map(({ path }: { path: string }) => path).join(', ')}`,
  )
  writeFileSync(join(folder, 'package.json'), '{ "name": "somebody", "private": true, "type": "module" }\n')
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, tarball.filename)], folder)
  expectNoTypeScript()
  expectCommand(['--version'], 0)
  expectCommand(['--list'], 0)
  expectCommand(['--explain', 'T-089'], 0)
  await expectVerdicts()
  expectTypes()
} finally {
  rmSync(folder, { recursive: true })
}
for (const fault of faults) console.error(fault)
console.log(
  faults.length === 0 ? 'the packed kit works on its own' : `${faults.length} faults of the packed kit`,
)
process.exitCode = faults.length === 0 ? 0 : 1

function npm(args: string[], cwd: string): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}

function expect(condition: boolean, fault: string): void {
  if (!condition) faults.push(fault)
}

function isOurs(path: string): boolean {
  return /^(dist\/.+\.(js|d\.ts)|profiles\/.+\.yaml|requirements\/.+|schemas\/.+\.json|package\.json|README\.md|profile\.md|LICENSE)$/.test(
    path,
  )
}

function expectNoTypeScript(): void {
  const installed = join(folder, 'node_modules/latchkey-conformance')
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' })
  const sources = files.filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
  expect(sources.length === 0, `it holds ${sources.join(', ')}`)
  const text = files
    .filter(file => file.endsWith('.js'))
    .map(file => readFileSync(join(installed, file), 'utf8'))
  expect(!text.some(source => /from '\.[^']*\.ts'/.test(source)), 'a module imports a .ts file')
}

/** Runs beside this process: the good server that it asks lives here. */
async function runCommand(args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn('npx', ['latchkey-conformance', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  child.stdout.on('data', chunk => (output += chunk))
  child.stderr.on('data', chunk => (output += chunk))
  const { promise, resolve } = Promise.withResolvers<number | null>()
  child.once('close', resolve)
  return { code: await promise, output }
}

function expectCommand(args: string[], code: number): void {
  const { status, stdout, stderr } = spawnSync('npx', ['latchkey-conformance', ...args], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(status === code, `${args.join(' ')} ended with ${status}: ${stderr}`)
  expect(stdout.length > 0, `${args.join(' ')} says nothing`)
}

async function expectVerdicts(): Promise<void> {
  for (const [name, code] of [
    ['good', 0],
    ['compares-aud-as-text', 1],
  ] as const) {
    const server = await startGoodServer(name === 'good' ? [] : [name])
    writeFileSync(join(folder, `${name}.yaml`), stringify(documentOf(server)))
    const files = ['--json', `${name}.json`, '--junit', `${name}.xml`, '--html', `${name}.html`]
    const run = await runCommand(['--profile', `${name}.yaml`, '--only', 'T-001..T-009', ...files])
    await server.close()
    expect(run.code === code, `the ${name} server: ended with ${run.code}, not ${code}: ${run.output}`)
    const written = readdirSync(folder)
    for (const file of files.filter(file => file.startsWith(name))) {
      expect(written.includes(file), `${file} was not written`)
    }
  }
}

/** Somebody's own program, compiled strictly, the package's types with it. */
function expectTypes(): void {
  const program = `import { type Check, checks, loadProfile, runChecks } from 'latchkey-conformance'
const own: Check = { rows: ['T-001'], run: async kit => void (await kit.control('T-001')) }
export const run = () => runChecks({ profile: loadProfile('x'), checks: [...checks, own], rows: ['T-001'], seed: 'x' })
`
  writeFileSync(join(folder, 'program.ts'), program)
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  const types = join(dirname(require.resolve('@types/node/package.json')), '..')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--typeRoots', types]
  const compiled = spawnSync(process.execPath, [tsc, ...options, '--types', 'node', 'program.ts'], {
    cwd: folder,
    encoding: 'utf8',
  })
  expect(compiled.status === 0, `its types do not compile: ${compiled.stdout}`)
}
