import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { listIds } from '../../src/requirements.ts'
import { faults } from './index.ts'

const ids = listIds()
const folder = join(import.meta.dirname, '..')
const sources = globSync('**/*.ts', { cwd: folder }).filter(file => !/^faults|\.test\.ts$/.test(file))
const text = sources.map(file => readFileSync(join(folder, file), 'utf8')).join('\n')
const literals = new Set([...text.matchAll(/'([a-z0-9-]+)'/g)].map(([, name]) => name))
/** `has(`needs-no-${claim}`)`: switches that are several at once. */
const patterns = [...text.matchAll(/`([a-z0-9-]+-)?\$\{[^`}]+\}(-[a-z0-9-]+)?`/g)]
  .filter(([, before, after]) => before !== undefined || after !== undefined)
  .map(([, before = '', after = '']) => new RegExp(`^${before}.+${after}$`))

const isSwitch = (name: string) => literals.has(name) || patterns.some(pattern => pattern.test(name))

test('every fault is a switch of the good server', () => {
  const names = faults.map(({ name }) => name)
  assert.ok(names.length >= 45)
  assert.equal(new Set(names).size, names.length, 'two faults have one name')
  assert.deepEqual(
    names.filter(name => !isSwitch(name)),
    [],
  )
})

test('faults name rows there are, and say what was written', () => {
  for (const { name, says, kills, also = [] } of faults) {
    assert.ok(says.trim() !== '' && kills.length > 0, name)
    assert.deepEqual(
      [...kills, ...also].filter(id => !ids.includes(id)),
      [],
      name,
    )
    assert.deepEqual(
      also.filter(id => kills.includes(id)),
      [],
      name,
    )
  }
})

test('every row is to be killed by a fault', () => {
  const killed = new Set(faults.flatMap(({ kills }) => kills))
  assert.deepEqual(
    ids.filter(id => !killed.has(id)),
    [],
  )
})
