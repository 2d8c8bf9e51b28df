import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { PROBLEMS } from '../api/src/problem.ts'
import { call, startProduct } from './in-process.ts'

interface Step {
  command: string
  output: string
}

function readSession(): Step[] {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
  const [, session = ''] = /```console\n([\s\S]+?)```/.exec(readme) ?? []
  return session
    .split(/^\$ /m)
    .slice(1)
    .map(step => {
      const [command = '', ...output] = step.split('\n')
      return { command, output: output.join('\n').trim() }
    })
}

/** Ids, times and what is made of them are another person's and another day's. */
function withoutParticulars(text: string): string {
  return text
    .replace(/"id":"[^"]+"/g, '"id":"…"')
    .replace(/"user_id":"[^"]+"/g, '"user_id":"…"')
    .replace(/"position":"[^"]+"/g, '"position":"…"')
    .replace(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, '…')
}

test('the README’s curl session runs as it is printed', async () => {
  const steps = readSession()
  assert.ok(steps.length >= 8)
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-readme-'))
  const product = await startProduct()
  try {
    const script = steps
      .map(
        ({ command }) =>
          `${command.replaceAll('http://localhost:3000', product.url)}\necho; echo '--- end of step'`,
      )
      .join('\n')
    const { stdout } = await promisify(execFile)('bash', ['-euc', script], { cwd: folder })
    const outputs = stdout.split('--- end of step\n').slice(0, -1)
    assert.deepEqual(
      outputs.map(output => withoutParticulars(output.trim())),
      steps.map(({ output }) => withoutParticulars(output)),
    )
    assert.match(steps.at(-1)!.output, /401/)
  } finally {
    await product.close()
    rmSync(folder, { recursive: true })
  }
})

test('docs/api.md lists exactly the routes and problems of the API', async () => {
  const document = readFileSync(join(import.meta.dirname, '../docs/api.md'), 'utf8')
  const product = await startProduct()
  try {
    const { body } = await call(product, 'GET', '/api/openapi.json')
    const described = Object.entries<object>(body.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter(method => method !== 'parameters')
        .map(method => `${method.toUpperCase()} ${path}`),
    )
    const routes = [...document.matchAll(/^\| `([A-Z]+ \/[^`]+)` \|/gm)].map(([, route]) => route!)
    assert.deepEqual(routes.sort(), described.filter(route => route.includes('{user_id}')).sort())
    const problems = [...document.matchAll(/^\| `([a-z_]+)` \| (\d{3}) \|/gm)].map(row => [
      row[1],
      Number(row[2]),
    ])
    assert.deepEqual(
      problems,
      Object.entries(PROBLEMS).map(([code, [status]]) => [code, status]),
    )
  } finally {
    await product.close()
  }
})
