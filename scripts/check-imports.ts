// The directions house rules allow, held against every import: `npm run check`.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

interface Rule {
  /** The files it is about. */
  files: RegExp
  /** What they may not import: a resolved path in this repository, or a package's name. */
  refuses: (target: string, file: string) => boolean
  because: string
}

const rules: Rule[] = [
  {
    files: /^issuer\/src\//,
    refuses: target => isOurs(target) && !target.startsWith('issuer/'),
    because: 'the issuer imports nothing of ours',
  },
  {
    files: /^api\/src\//,
    refuses: target => isOurs(target) && !target.startsWith('api/'),
    because: 'the API imports nothing of ours',
  },
  {
    files: /^web\/src\//,
    refuses: target => isOurs(target) && !target.startsWith('web/') && target !== '@latchkey/api/contract',
    because: 'the page knows only the contract of the API',
  },
  {
    files: /^conformance\//,
    refuses: target => isOurs(target),
    because: 'the kit knows only URLs and the written requirements',
  },
  {
    files: /^api\/src\/(?!database\.ts)/,
    refuses: target => target === 'pg',
    because: 'only database.ts knows the driver',
  },
  {
    files: /^issuer\/src\/(?!database\.ts|notifications\.ts)/,
    refuses: target => target === 'pg',
    because: 'only database.ts and the LISTEN connection know the driver',
  },
  {
    files: /^(issuer|api)\/src\/(?!access-token\.ts|key-set\.ts)/,
    refuses: target => target === 'jose',
    because: 'only access-token.ts and its key set know jose',
  },
  {
    files: /^(?!issuer\/)/,
    refuses: target => target === 'better-auth' || target.startsWith('better-auth/'),
    because: 'Better Auth lives in the issuer alone',
  },
]

const files = globSync('{issuer,api,web,standalone,conformance}/**/*.{ts,tsx}', {
  exclude: ['**/node_modules/**', '**/dist/**'],
})
const faults = files.filter(file => !file.endsWith('.test.ts')).flatMap(faultsOf)
for (const fault of faults) console.error(fault)
console.log(`${files.length} files, ${faults.length} imports in a wrong direction`)
if (faults.length > 0 || files.length === 0) process.exitCode = 1

function faultsOf(file: string): string[] {
  return importsOf(file).flatMap(target =>
    rules
      .filter(rule => rule.files.test(file) && rule.refuses(target, file))
      .map(rule => `${file} imports ${target}: ${rule.because}`),
  )
}

function importsOf(file: string): string[] {
  const source = readFileSync(file, 'utf8')
  const specifiers = source.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)
  return [...specifiers].map(([, specifier]) => resolve(file, specifier!))
}

function resolve(file: string, specifier: string): string {
  return specifier.startsWith('.') ? relative('.', join(dirname(file), specifier)) : specifier
}

function isOurs(target: string): boolean {
  return (
    target.startsWith('@latchkey/') || /^(issuer|api|web|standalone|test|scripts|bench|chaos)\//.test(target)
  )
}
