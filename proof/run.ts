// `npm run conformance`: the kit judges our own servers, one deployment after the other.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writePart } from '../chaos/page.ts'
import type { HookName } from '../conformance/src/hooks.ts'
import { findChromium } from '../scripts/find-chromium.mjs'
import { root } from '../test/product.ts'
import { serveHooks } from './control.ts'
import { coreOf } from './core-profile.ts'
import type { Deployment } from './deployment.ts'
import { createHooks } from './hooks.ts'
import { createProfile } from './profile.ts'
import { type Judged, proofOf } from './report.ts'
import { openServers } from './servers.ts'
import { openStandalone } from './standalone.ts'
import { findFaults, listNotApplicable, type Report } from './verdict.ts'

const USAGE = `npm run conformance -- [options]
  --only NAME      this deployment alone: standalone, servers, tls
  --api COMMAND    another backend in place of our API, in "servers"
  --core           that backend offers the core alone, and the page is told so; what is about the issuer alone is
                   not asked again
  --rows IDS       these requirements alone, separated by commas
  --seed SEED      the values of an earlier run again
  --keep           leaves logs and reports where they are
  --report FILE    writes the result into its part of docs/proof.md`

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    api: { type: 'string' },
    core: { type: 'boolean', default: false },
    rows: { type: 'string' },
    seed: { type: 'string' },
    keep: { type: 'boolean', default: false },
    report: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const apiCommand = options.api?.split(' ')

interface Trial {
  open(home: string): Promise<Deployment>
  /** The requirements that are asked; all of them, unless said. */
  rows?: string
  skip?: string
}

/** What no other API changes: it is asked of the issuer beside ours. */
const ISSUER_ALONE = 'T-201..T-215,T-217,T-218,T-220..T-229'

const TRIALS: Record<string, Trial> = {
  standalone: { open: openStandalone },
  servers: {
    open: home => openServers(home, { name: 'servers', algorithm: 'EdDSA', apiCommand, core: options.core }),
    // Minutes of passwords, which the same code hashes in the same way.
    skip: options.core ? ISSUER_ALONE : 'T-201',
  },
  // What the transport changes: framing, cookies, headers. The rest has been asked of the others.
  tls: {
    open: home => openServers(home, { name: 'tls', tls: true }),
    rows: 'T-001..T-015,T-109..T-124,T-217..T-229,T-238..T-246,T-249..T-253',
  },
}

if (options.help) console.log(USAGE)
else process.exitCode = await main()

async function main(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'latchkey-conformance-'))
  const names = Object.keys(TRIALS).filter(name => options.only === undefined || name === options.only)
  if (names.length === 0) throw new Error(USAGE)
  const judged: Judged[] = []
  const faults: string[] = []
  for (const name of names) {
    const report = await judge(name, join(home, name))
    judged.push({ deployment: name, report })
    const notApplicable = options.core ? [name, 'core'] : [name]
    for (const sentence of findFaults(report, listNotApplicable(notApplicable)))
      faults.push(`${name}: ${sentence}`)
  }
  if (options.report) await writePart(options.report, 'conformance', proofOf(judged, new Date()))
  for (const sentence of faults) console.error(sentence)
  console.log(faults.length === 0 ? 'Every requirement holds.' : `${faults.length} faults; more in ${home}`)
  if (faults.length === 0 && !options.keep) await rm(home, { recursive: true })
  return faults.length === 0 ? 0 : 1
}

async function judge(name: string, home: string): Promise<Report> {
  const began = performance.now()
  await mkdir(home, { mode: 0o700 })
  const deployment = await TRIALS[name]!.open(home)
  const end = () => void deployment.close().finally(() => process.exit(1))
  process.once('SIGINT', end).once('SIGTERM', end)
  try {
    const hooks = createHooks(deployment, home)
    const socket = join(home, 'control')
    const control = await serveHooks(hooks, socket)
    const full = await createProfile({ deployment, socket, hooks: Object.keys(hooks) as HookName[] })
    const profile = options.core ? coreOf(full) : full
    const file = join(home, 'profile.yaml')
    await writeFile(file, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 })
    const report = await runKit(file, home, options.rows ? { rows: options.rows } : TRIALS[name]!)
    control.close()
    return report
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end)
    await deployment.close()
    console.log(`${name}: ${Math.round((performance.now() - began) / 1000)} s`)
  }
}

async function runKit(profile: string, home: string, { rows, skip }: Partial<Trial>): Promise<Report> {
  const json = join(home, 'report.json')
  const kit = join(root, 'conformance/src/bin.ts')
  const args = ['--profile', profile, '--json', json, '--require-tier', 'all']
  if (rows) args.push('--only', rows)
  if (skip) args.push('--skip', skip)
  if (options.seed) args.push('--seed', options.seed)
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, CHROMIUM: findChromium() }
  const child = spawn(process.execPath, [kit, ...args], { stdio: 'inherit', env })
  const [code] = await once(child, 'exit')
  if (!existsSync(json)) throw new Error(`the kit ended with ${code}: its profile is ${profile}`)
  return JSON.parse(await readFile(json, 'utf8'))
}
