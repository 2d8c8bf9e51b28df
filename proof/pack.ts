// `npm run kit:pack`: the kit as its users get it, installed from its tarball in an empty folder, judges two APIs that
// are not ours: one in Hono, one in FastAPI, with other paths and other errors. Of each it must also find a fault.
import { execFile, spawn } from 'node:child_process'
import { createHmac, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findChromium } from '../scripts/find-chromium.mjs'
import { freePort } from '../test/free-port.ts'
import { root } from '../test/product.ts'
import type { Report } from './verdict.ts'

const run = promisify(execFile)
const SAMPLES = join(import.meta.dirname, 'samples')
const UVICORN = ['--app-dir', SAMPLES, '--no-server-header', '--log-level', 'warning', '--workers', '1']

interface Sample {
  name: string
  profile: string
  /** Rows that may fall short, with the reason. */
  known?: string
  command(port: number): string[]
  /** A mistake, and a row that must notice it. */
  fault: string
  noticedBy: string
}

const home = await mkdtemp(join(tmpdir(), 'latchkey-pack-'))
const kit = await install()
const samples: Sample[] = [
  {
    name: 'Hono',
    profile: 'hono.yaml',
    known: 'hono-known.yaml',
    command: () => [process.execPath, join(SAMPLES, 'hono-api.ts')],
    fault: 'trusts-alg',
    noticedBy: 'T-031',
  },
  {
    name: 'FastAPI',
    profile: 'fastapi.yaml',
    known: 'fastapi-known.yaml',
    command: port => [python, '-m', 'uvicorn', 'fastapi_api:app', '--port', String(port), ...UVICORN],
    fault: 'no-aud',
    noticedBy: 'T-078',
  },
]
const python = await preparePython()
const faults: string[] = []
for (const sample of samples) faults.push(...(await tryBoth(sample)))
for (const sentence of faults) console.error(sentence)
console.log(faults.length === 0 ? 'The packed kit judges as it should.' : `More in ${home}`)
if (faults.length === 0) await rm(home, { recursive: true })
process.exitCode = faults.length === 0 ? 0 : 1

/** Packs the workspace and installs the tarball as anybody would. */
async function install(): Promise<string> {
  const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', home], {
    cwd: join(root, 'conformance'),
  })
  await writeFile(join(home, 'package.json'), '{ "private": true }\n')
  const tarball = join(home, stdout.trim().split('\n').at(-1)!)
  await run('npm', ['install', '--silent', '--no-audit', '--no-fund', tarball], { cwd: home })
  return join(home, 'node_modules/.bin/latchkey-conformance')
}

/** A virtual environment with what samples/requirements.txt pins. */
async function preparePython(): Promise<string> {
  const folder = join(home, 'venv')
  await run('python3', ['-m', 'venv', folder])
  const requirements = ['--quiet', '--no-deps', '--requirement', join(SAMPLES, 'requirements.txt')]
  await run(join(folder, 'bin/pip'), ['install', '--disable-pip-version-check', ...requirements])
  return join(folder, 'bin/python')
}

async function tryBoth(sample: Sample): Promise<string[]> {
  const good = await judge(sample)
  const bad = await judge(sample, sample.fault)
  const faults: string[] = []
  if (good.code !== 0) faults.push(`${sample.name}: ${good.report.because.join('\n  ')}`)
  if (bad.code !== 1 || !fellShort(bad.report).includes(sample.noticedBy))
    faults.push(`${sample.name}: ${sample.noticedBy} did not notice ${sample.fault}`)
  for (const output of ['report.xml', 'report.html'])
    await access(join(good.folder, output)).catch(() => faults.push(`${sample.name}: there is no ${output}`))
  return faults
}

function fellShort({ rows }: Report): string[] {
  return rows.filter(({ verdict }) => verdict === 'fell short').map(({ id }) => id)
}

async function judge(sample: Sample, fault = ''): Promise<{ code: number; report: Report; folder: string }> {
  const folder = await mkdtemp(join(home, 'run-'))
  const port = await freePort()
  const secret = randomBytes(32).toString('hex')
  const [command = '', ...args] = sample.command(port)
  const env = { PATH: process.env.PATH, PORT: String(port), SECRET: secret, FAULT: fault }
  const api = spawn(command, args, { env, stdio: 'inherit' })
  try {
    await untilAnswered(`http://127.0.0.1:${port}/v1/items`)
    const code = await runKit(
      sample,
      folder,
      {
        API_URL: `http://127.0.0.1:${port}`,
        SECRET: secret,
        TOKEN_A: signToken(secret, 'anna'),
        TOKEN_B: signToken(secret, 'boris'),
      },
      fault ? ['--only', sample.noticedBy] : [],
    )
    return { code, folder, report: JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) }
  } finally {
    api.kill('SIGKILL')
    await once(api, 'exit')
  }
}

async function runKit(
  sample: Sample,
  folder: string,
  env: NodeJS.ProcessEnv,
  more: string[],
): Promise<number> {
  const outputs = ['--json', 'report.json', '--junit', 'report.xml', '--html', 'report.html']
  const known = sample.known ? ['--known-failures', join(SAMPLES, sample.known)] : []
  const args = ['--profile', join(SAMPLES, sample.profile), ...known, ...outputs, ...more]
  const kitEnv = { PATH: process.env.PATH, HOME: process.env.HOME, CHROMIUM: findChromium(), ...env }
  const child = spawn(kit, args, { cwd: folder, env: kitEnv, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return code
}

/** A token as the sample's sign-in would hand it out. */
function signToken(secret: string, user: string): string {
  const iat = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://accounts.sample.example',
    aud: 'items',
    uid: user,
    iat,
    exp: iat + 900,
  }
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const text = `${encode({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' })}.${encode(claims)}`
  return `${text}.${createHmac('sha256', Buffer.from(secret, 'hex')).update(text).digest('base64url')}`
}

async function untilAnswered(url: string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end; await sleep(50)) {
    const answer = await fetch(url).catch(() => null)
    await answer?.body?.cancel()
    if (answer) return
  }
  throw new Error(`${url} does not answer`)
}
