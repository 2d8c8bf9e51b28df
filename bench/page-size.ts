// What the browser loads before the task list stands: `npm run size`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { BrowserContext } from 'playwright-core'
import { furnish } from '../test/furnished.ts'
import { onStandalone, openProfile, readOptions, signUpIn } from './standalone.ts'

const PAGE = join(import.meta.dirname, '../web/dist')
const options = readOptions(
  `
npm run size [-- --js=110 --css=12]

Builds the page, starts the product, furnishes an account and prints every file of code and style that is
loaded for the task list before the browser is first idle (what the page fetches ahead after that is not counted), in
kB (1,000 bytes) as gzip -9 and Brotli 11 make them. Exits with 1 when the code exceeds --js or the styles --css, gzip.`,
  { js: '110', css: '12' },
)

interface File {
  name: string
  gzip: number
  brotli: number
}

await onStandalone(async server => {
  await using context = await openProfile(server)
  await furnish(server.url, await signUpIn(context))
  const files = await Promise.all((await filesOfTaskList(context)).map(measure))
  files.sort((a, b) => b.gzip - a.gzip)
  const js = files.filter(({ name }) => name.endsWith('.js'))
  const css = files.filter(({ name }) => name.endsWith('.css'))
  for (const file of [...js, ...css]) printRow(file)
  const verdicts = [judge('code', js, Number(options.js)), judge('styles', css, Number(options.css))]
  return verdicts.every(Boolean)
})

/** The page fetches ahead when it is idle; here it never is. */
async function filesOfTaskList(context: BrowserContext): Promise<string[]> {
  await context.addInitScript(() => {
    Object.assign(globalThis, { requestIdleCallback: () => 0 })
  })
  const page = await context.newPage()
  const loaded = new Set<string>()
  page.on('request', request => {
    const { pathname } = new URL(request.url())
    if (/\.(js|css)$/.test(pathname)) loaded.add(pathname)
  })
  await page.goto('/')
  await page.getByRole('main').waitFor()
  await page.getByRole('status', { name: 'Loading' }).waitFor({ state: 'detached' })
  await page.waitForLoadState('networkidle')
  return [...loaded]
}

async function measure(path: string): Promise<File> {
  const sizeOf = async (ending: string) => (await readFile(join(PAGE, path + ending))).length
  return { name: path.slice(1), gzip: await sizeOf('.gz'), brotli: await sizeOf('.br') }
}

function kB(bytes: number): string {
  return (bytes / 1000).toFixed(1).padStart(7)
}

function printRow({ name, gzip, brotli }: File): void {
  console.log(`${name.padEnd(48)} ${kB(gzip)} kB gzip ${kB(brotli)} kB brotli`)
}

function judge(what: string, files: File[], bar: number): boolean {
  const sum = (part: 'gzip' | 'brotli') => files.reduce((total, file) => total + file[part], 0)
  const holds = files.length > 0 && sum('gzip') <= bar * 1000
  printRow({ name: `first ${what}, ${files.length} files`, gzip: sum('gzip'), brotli: sum('brotli') })
  console.log(`${holds ? 'within' : 'BEYOND'} the bar of ${bar} kB gzip`)
  return holds
}
