import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { type Browser, chromium, type Page } from 'playwright-core'
import { startGoodServer } from '../../broken/good-server.ts'
import { profileOf } from '../../broken/profile.ts'
import type { Check } from '../check.ts'
import { TargetFault } from '../faults.ts'
import type { Profile } from '../profile.ts'
import { createReport, type Report } from '../report.ts'
import { loadRequirements } from '../requirements.ts'
import { type RunResult, runChecks } from '../runner.ts'
import { toHtml } from './html.ts'
import { toJson } from './json.ts'
import { toJunit } from './junit.ts'
import { createProgress } from './progress.ts'
import { toSummary } from './summary.ts'

const ODD = `<script>alert(1)</script> & "quoted" ]]> \0 \ud800 é`

const checks: Check[] = [
  { rows: ['T-001'], run: async kit => void (await kit.control('T-001')) },
  {
    rows: ['T-002'],
    async run(kit) {
      const headers: [string, string][] = [
        ['Authorization', `Bearer ${kit.b.token}`],
        ['X-Odd', 'a\0b\nc'],
      ]
      const plain = await kit.ask('list', { as: kit.b })
      kit.row('T-002').is(false, ODD, plain)
      kit.row('T-002').is(false, 'odd bytes', { ...plain, request: { ...plain.request, headers } })
    },
  },
  { rows: ['T-003'], run: async kit => kit.row('T-003').inconclusive('too noisy') },
  { rows: ['T-004'], needs: ['hook:restart'], run: async () => {} },
  { rows: ['T-005'], feature: 'both-families', run: async () => {} },
  { rows: ['T-006'], run: async kit => kit.row('T-006').fail('as we know') },
  { rows: ['T-007'], run: () => Promise.reject(new TargetFault('it went away')) },
  {
    rows: ['T-008'],
    async run(kit) {
      await kit.send({ ...kit.request('list', { as: kit.a }), as: kit.b })
      kit.row('T-008').is(true, 'fine')
    },
  },
]

let profile: Profile
let result: RunResult
let browser: Browser
let page: Page

before(async () => {
  const server = await startGoodServer()
  profile = await profileOf(server)
  const rows = checks.flatMap(check => check.rows)
  result = await runChecks({ profile, checks, rows, seed: 'outputs' })
  await server.close()
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM!, args: ['--no-sandbox'] })
  page = await browser.newPage()
})

after(() => browser.close())

function report(
  more: { known?: [string, string][]; required?: string[]; showTokens?: boolean } = {},
): Report {
  const { known = [['T-006', 'mended soon']], required = [], showTokens } = more
  const requirements = loadRequirements()
  return createReport({
    profile,
    result,
    requirements,
    known: new Map(known),
    required,
    showTokens,
    finished: new Date(0),
  })
}

test('the report counts each row once, the worst first', () => {
  const { totals, rows, outcome, because } = report()
  assert.deepEqual(totals, {
    'fell short': 1,
    known: 1,
    inconclusive: 1,
    'not run': 2,
    'not applicable': 1,
    held: 2,
  })
  assert.deepEqual(rows.map(({ id }) => id).slice(0, 3), ['T-002', 'T-006', 'T-003'])
  assert.equal(outcome, 'fell short')
  assert.ok(because.includes('data of A was shown to B (T-008)'), because.join('\n'))
})

test('a required tier that was not run, and a known failure that holds, fail the run', () => {
  const { because } = report({
    required: ['all'],
    known: [
      ['T-001', 'no more'],
      ['T-006', 'x'],
    ],
  })
  assert.ok(because.some(line => line.startsWith('T-004 is required and was not run: needs hook:restart')))
  assert.ok(because.some(line => line.startsWith('T-001 is listed as a known failure and holds')))
  assert.ok(!because.some(line => line.startsWith('T-005')), 'what is not applicable is not required')
})

test('a run without failures whose checks could not all be finished says so', () => {
  const rows = result.rows.filter(({ id }) => ['T-001', 'T-007'].includes(id))
  const calm = { ...result, rows, breaches: [] }
  const requirements = loadRequirements()
  const parts = { profile, requirements, known: new Map(), required: [], finished: new Date(0) }
  assert.equal(createReport({ ...parts, result: calm }).outcome, 'could not run')
  assert.equal(createReport({ ...parts, result: { ...calm, faults: [] } }).outcome, 'held')
})

test('the JSON is by its schema', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/report.json'), 'utf8'))
  const check = new Ajv2020({ allErrors: true }).compile(schema)
  assert.ok(check(JSON.parse(toJson(report({ required: ['all'] })))), JSON.stringify(check.errors))
})

test('a failure can be sent again by hand, without the tokens of real accounts unless asked', () => {
  const { token } = profile.accounts.ready!.b
  const [first, second] = report().rows[0]!.findings
  assert.match(first!.exchange!.command, /^curl -i --path-as-is -X GET http:\/\/127\.0\.0\.1:\d+\/api\//)
  assert.match(second!.exchange!.command, /^printf '.*X-Odd: a\\000b\\nc.*' \| nc 127\.0\.0\.1 \d+$/s)
  assert.ok(!toJson(report()).includes(token))
  assert.ok(first!.exchange!.command.includes(`${token.slice(0, 12)}…`))
  assert.ok(toJson(report({ showTokens: true })).includes(token))
})

test('an XML parser reads the JUnit file and finds a case for each row', async () => {
  const found = await page.evaluate(xml => {
    const document = new DOMParser().parseFromString(xml, 'application/xml')
    const all = (selector: string) => [...document.querySelectorAll(selector)]
    const suite = document.querySelector('testsuite')
    return {
      error: document.querySelector('parsererror')?.textContent ?? null,
      counts: ['tests', 'failures', 'errors', 'skipped'].map(name => Number(suite?.getAttribute(name))),
      cases: all('testcase').length,
      failed: all('testcase:has(failure)').map(one => one.getAttribute('name')?.slice(0, 5)),
      message: document.querySelector('failure')?.getAttribute('message'),
      skipped: all('testcase:has(skipped)').map(one => one.getAttribute('name')?.slice(0, 5)),
    }
  }, toJunit(report()))
  assert.equal(found.error, null)
  assert.deepEqual(found.counts, [10, 2, 1, 5])
  assert.equal(found.cases, 10)
  assert.deepEqual(found.failed, ['T-002', 'data '])
  assert.equal(found.message, ODD.replace('\0', '\ufffd').toWellFormed())
  assert.deepEqual(found.skipped.sort(), ['T-003', 'T-004', 'T-005', 'T-006', 'T-007'])
})

test('the page shows every row, runs nothing and asks nobody', async () => {
  const asked: string[] = []
  const dialogs: string[] = []
  page.on('request', request => asked.push(request.url()))
  page.on('dialog', dialog => void dialogs.push(dialog.message()))
  await page.setContent(toHtml(report()))
  const ids = await page.locator('details .id').allTextContents()
  assert.deepEqual(ids.sort(), result.rows.map(({ id }) => id).sort())
  assert.ok(await page.getByText('<script>alert(1)</script>').first().isVisible())
  assert.equal(await page.locator('script').count(), 0)
  assert.deepEqual([asked, dialogs], [[], []])
})

test('the page fits a phone and a screen, and can be read by light and by night', async () => {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1280]) {
      const tab = await (
        await browser.newContext({ colorScheme, viewport: { width, height: 800 } })
      ).newPage()
      await tab.setContent(toHtml(report()))
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), width)
      const { violations } = await new AxeBuilder({ page: tab }).analyze()
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${colorScheme} ${width}: ${id} ${nodes[0]?.html}`),
        [],
      )
      await tab.context().close()
    }
})

test('the summary begins with the worst and ends with the verdict', () => {
  const text = toSummary(report(), { colour: false })
  assert.match(text, /^BREACH {2}data of A was shown to B/)
  assert.match(text, /T-002 {2}MUST/)
  assert.match(text, /Not run \(2\)/)
  assert.match(
    text,
    /FELL SHORT {2}1 fell short, 1 known, 1 inconclusive, 2 not run, 1 not applicable, 2 held\n.*seed outputs\n$/,
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning of a colour.
  assert.doesNotMatch(text, /\x1b/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the beginning of a colour.
  assert.match(toSummary(report(), { colour: true }), /\x1b\[31m/)
})

test('progress is one changing line at a terminal, and plain lines elsewhere', () => {
  const ledger = { rows: () => result.rows } as Parameters<ReturnType<typeof createProgress>['update']>[2]
  const write = (isTTY: boolean) => {
    const parts: string[] = []
    const progress = createProgress({ isTTY, columns: 40, write: text => parts.push(text) }, 1)
    progress.update(checks[0]!, 'begins', ledger)
    progress.update(checks[0]!, 'ends', ledger)
    progress.end()
    return parts
  }
  assert.deepEqual(write(false), ['1 of 1 checks: 2 rows held, 2 fell short\n'])
  const line = write(true)
  assert.ok(
    line.every(text => text.startsWith('\r\x1b[2K') && text.length <= 44),
    JSON.stringify(line),
  )
})
