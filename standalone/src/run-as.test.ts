// As whom PostgreSQL runs, tried on a copy of the tree whose place and owner these tests decide.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { byNode, createPlace, launch, type Place, postgresPid, root, start } from '../../test/product.ts'

const isRoot = process.getuid?.() === 0
/** Debian's "games": a user who may do nothing in particular. */
const ordinary = 5
const nameless = 12_345
const as = (user: number) => ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...byNode]

let tree: string
let place: Place

before(() => {
  tree = mkdtempSync(join(tmpdir(), 'latchkey-tree-'))
  const parts = ['api', 'issuer', 'standalone', 'web', 'node_modules', 'package.json'].map(name =>
    join(root, name),
  )
  try {
    execFileSync('cp', ['-al', ...parts, tree], { stdio: 'ignore' })
  } catch {
    execFileSync('cp', ['-a', ...parts, tree])
  }
})
after(() => rmSync(tree, { recursive: true }))
beforeEach(async () => {
  place = await createPlace()
})
afterEach(() => place.remove())

const how = ({ command = byNode, refused = [] as string[] } = {}) => {
  const path = [refusing(refused), join(tree, 'node_modules/.bin'), process.env.PATH].join(':')
  return { command, cwd: tree, env: { PATH: path } }
}

/** A folder whose programs of these names fail, as they do where the system refuses what they ask. */
function refusing(names: string[]): string {
  const folder = mkdtempSync(join(tree, 'refusing-'))
  for (const name of names) writeFileSync(join(folder, name), '#!/bin/sh\nexit 1\n', { mode: 0o755 })
  return folder
}

async function ownerOfPostgres(): Promise<number> {
  const status = readFileSync(`/proc/${await postgresPid(place)}/status`, 'utf8')
  return Number(/^Uid:\s+(\d+)/m.exec(status)?.[1])
}

const ownerOfData = () => statSync(join(place.dataDir, 'postgres-18')).uid

async function startTwice(options: Parameters<typeof how>[0], user: number): Promise<void> {
  for (let round = 1; round <= 2; round++) {
    const product = await start(place, how(options))
    assert.equal(await ownerOfPostgres(), user)
    assert.equal(ownerOfData(), user)
    product.kill('SIGTERM')
    assert.equal(await product.exit, 0, product.words())
    assert.equal(await postgresPid(place), null)
  }
}

if (isRoot) {
  test('an ordinary user runs it as that user, also one without a name', async () => {
    chmodSync(tree, 0o755)
    for (const user of [ordinary, nameless]) {
      await place.remove()
      place = await createPlace()
      chownSync(dirname(place.dataDir), user, user)
      await startTwice({ command: as(user) }, user)
    }
  })

  test('root runs PostgreSQL in a user namespace, also from a folder of mode 700', async () => {
    chmodSync(tree, 0o700)
    await startTwice({}, 0)
  })

  test('root without user namespaces runs PostgreSQL as nobody, also from a folder of mode 700', async () => {
    chmodSync(tree, 0o700)
    await startTwice({ refused: ['unshare'] }, 65_534)
  })

  test('the data follows root from one way to the other', async () => {
    await startTwice({ refused: ['unshare'] }, 65_534)
    await startTwice({}, 0)
    await startTwice({ refused: ['unshare'] }, 65_534)
  })

  test('root with neither way is told so in one line', async () => {
    const product = launch(place, how({ refused: ['unshare', 'setpriv'] }))
    assert.equal(await product.exit, 1)
    assert.match(product.words(), /^PostgreSQL refuses to run as root, .* set DATABASE_URL$/m)
  })

  test('a data folder of somebody else is one line', async () => {
    chmodSync(tree, 0o755)
    const product = launch(place, how({ command: as(ordinary) }))
    assert.equal(await product.exit, 1)
    assert.match(product.words(), /^The data folder .* cannot be (made|written): /)
    assert.equal(product.words().trim().split('\n').length, 1)
  })
} else {
  test('an ordinary user runs it as that user', () => startTwice({}, process.getuid!()))
}
