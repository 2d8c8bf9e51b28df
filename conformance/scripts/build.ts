// Plain JavaScript with types into dist/, made anew, and the licence that goes with it.
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const folder = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)
const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')

rmSync(join(folder, 'dist'), { recursive: true, force: true })
execFileSync(process.execPath, [tsc, '-p', join(folder, 'tsconfig.build.json')], { stdio: 'inherit' })
chmodSync(join(folder, 'dist/bin.js'), 0o755)
copyFileSync(join(folder, '../LICENSE'), join(folder, 'LICENSE'))
