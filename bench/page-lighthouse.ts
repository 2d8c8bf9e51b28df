// What Lighthouse says of the sign-in page and of the task list: `npm run lighthouse`.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../test/free-port.ts'
import { furnish } from '../test/furnished.ts'
import type { Product } from '../test/product.ts'
import { onStandalone, openProfile, readOptions, signUpIn } from './standalone.ts'

const run = promisify(execFile)
const FOLDER = join(import.meta.dirname, 'lighthouse')
const PROGRAM = join(FOLDER, 'node_modules/lighthouse/cli/index.js')
const options = readOptions(
  `
npm run lighthouse [-- --runs=5 --performance=95 --keep=FOLDER]

Runs Lighthouse 13.5.0 (installed by the first run into bench/lighthouse, 176 MB) as a phone on a slow network, --runs
times on the sign-in page and, signed in to a furnished account, on the task list, against the product as npm start serves
it. Prints every score and what was found, and exits with 1 unless accessibility, best practices and SEO are 100 in
every run and the median performance is at least --performance. --keep writes the reports into a folder.`,
  { runs: '5', performance: '95', keep: '' },
)

const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const
type Scores = Record<(typeof CATEGORIES)[number], number>

interface Report {
  categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>
}

await installLighthouse()
await onStandalone(async server => {
  const verdicts = [
    await judge('sign-in', server, '/sign-in', false),
    await judge('task list', server, '/', true),
  ]
  return verdicts.every(Boolean)
})

async function installLighthouse(): Promise<void> {
  if (existsSync(PROGRAM)) return
  console.error('installing Lighthouse into bench/lighthouse')
  await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: FOLDER })
}

/** Every run has a fresh profile, so that nothing is in the cache. */
async function judge(name: string, server: Product, path: string, signedIn: boolean): Promise<boolean> {
  const reports: Report[] = []
  for (let n = 1; n <= Number(options.runs); n += 1) {
    const report = await examine(server, path, signedIn, `${name.replace(' ', '-')}-${n}`)
    reports.push(report)
    console.log(`${name.padEnd(10)} ${describe(report)}`)
  }
  const lost = new Set(reports.flatMap(lostPoints))
  for (const line of lost) console.log(`  ${line}`)
  const performance = median(reports.map(report => scoresOf(report).performance))
  const perfect = reports.every(report =>
    CATEGORIES.slice(1).every(category => scoresOf(report)[category] === 100),
  )
  const holds = perfect && performance >= Number(options.performance)
  console.log(`${name}: median performance ${performance}, ${holds ? 'within' : 'BEYOND'} the bars`)
  return holds
}

async function examine(server: Product, path: string, signedIn: boolean, name: string): Promise<Report> {
  const port = await freePort()
  await using profile = await openProfile(server, { port })
  if (signedIn) await furnish(server.url, await signUpIn(profile))
  const folder = options.keep || (await mkdtemp(join(tmpdir(), 'latchkey-lighthouse-')))
  const file = join(folder, `${name}.json`)
  // The cookie has to stay; a fresh profile has nothing else that could be reset.
  const flags = [
    '--output=json',
    `--output-path=${file}`,
    `--port=${port}`,
    '--disable-storage-reset',
    '--quiet',
  ]
  const only = `--only-categories=${CATEGORIES.join(',')}`
  await run(process.execPath, [PROGRAM, server.url + path, ...flags, only])
  const report = JSON.parse(await readFile(file, 'utf8'))
  if (!options.keep) await rm(folder, { recursive: true })
  return report
}

function scoresOf({ categories }: Report): Scores {
  const score = (category: string) => Math.round((categories[category]?.score ?? 0) * 100)
  return Object.fromEntries(CATEGORIES.map(category => [category, score(category)])) as Scores
}

function describe(report: Report): string {
  const { audits } = report
  const timing = (id: string) => audits[id]?.displayValue ?? '–'
  const scores = Object.entries(scoresOf(report)).map(([category, score]) => `${category} ${score}`)
  const times = `FCP ${timing('first-contentful-paint')}, LCP ${timing('largest-contentful-paint')}`
  return `${scores.join(', ')} (${times}, TBT ${timing('total-blocking-time')}, CLS ${timing('cumulative-layout-shift')})`
}

function lostPoints({ categories, audits }: Report): string[] {
  const counted = CATEGORIES.slice(1).flatMap(category => categories[category]?.auditRefs ?? [])
  const failed = counted.filter(({ id, weight }) => weight > 0 && (audits[id]?.score ?? 1) < 1)
  return failed.map(({ id }) => `${id}: ${audits[id]?.title}`)
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
