// `npm run start:fastapi` as its user meets it, and the page in a browser: the core, and nothing beyond it.
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { after, before, test } from 'node:test'
import { promisify } from 'node:util'
import { launchBrowser, visit } from '../../../test/browser.ts'
import { call, PASSWORD, signOut, signUp, tasksOf } from '../../../test/in-process.ts'
import { createPlace, type Place, type Product, postgresPid, start } from '../../../test/product.ts'

/** What `npm run start:fastapi` becomes; what it sets up before is there when a test runs. */
const byNode = ['node', 'standalone/src/main-fastapi.ts']

let place: Place
let product: Product
before(async () => {
  place = await createPlace()
  product = await start(place, { command: byNode })
})
after(async () => {
  product?.kill('SIGKILL')
  await place?.remove()
})

test('the page is told of no features, and the API answers at the port beside it', async () => {
  const { body } = await call(product, 'GET', '/config.json')
  assert.deepEqual(body.features, [])
  assert.equal(body.api_url, `http://localhost:${place.port + 1}`)
  const person = await signUp(product as never)
  const api = { url: body.api_url }
  const made = await call(api, 'POST', tasksOf(person), { token: person.token, body: { title: 'x' } })
  assert.equal(made.status, 201)
  assert.equal(made.body.due, undefined)
  assert.equal((await signOut(product as never, person)).status, 200)
  assert.equal((await call(api, 'GET', tasksOf(person), { token: person.token })).status, 401)
})

test('a person signs up and works with tasks in the browser', async () => {
  const browser = await launchBrowser()
  const { page, assertClean, close } = await visit(browser, product)
  const add = async (title: string) => {
    await page.getByLabel('Add a task').fill(title)
    await page.keyboard.press('Enter')
    await page.getByRole('checkbox', { name: title }).waitFor()
  }
  try {
    await page.goto('/sign-up')
    await page.getByLabel('Email').fill('ada@example.com')
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await page.getByRole('button', { name: 'Create account' }).click()
    await page.getByLabel('Add a task').waitFor()
    for (const title of ['Buy bread', 'Call the dentist', 'Water the plants']) await add(title)
    await page.getByRole('button', { name: 'Open Call the dentist' }).click()
    await page.getByLabel('Title').fill('Call the dentist at nine')
    await page.getByLabel('Description').fill('Ask about Friday')
    assert.equal(await page.getByLabel('Priority').count(), 0)
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('checkbox', { name: 'Call the dentist at nine' }).waitFor()
    await page.getByRole('checkbox', { name: 'Water the plants' }).check()
    await page.getByRole('button', { name: 'More for Buy bread' }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await page.getByRole('checkbox', { name: 'Buy bread' }).waitFor({ state: 'detached' })
    for (const name of ['Today', 'Upcoming', 'Trash'])
      assert.equal(await page.getByRole('link', { name }).count(), 0)
    await untilSaved()
    await page.reload()
    await page.getByRole('checkbox', { name: 'Call the dentist at nine' }).waitFor()
    assert.equal(await page.getByRole('checkbox', { name: 'Buy bread' }).count(), 0)
    assertClean()
  } finally {
    await close()
    await browser.close()
  }

  /** What the API has is what the page shows, before it is loaded again. */
  async function untilSaved() {
    const { body } = await call(product, 'POST', '/api/auth/sign-in/email', {
      body: { email: 'ada@example.com', password: PASSWORD },
    })
    const api = { url: `http://localhost:${place.port + 1}` }
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const tasks = (await call(api, 'GET', tasksOf(body.user), { token: body.access_token })).body
      const titles = tasks.map(({ title, completed }: { title: string; completed: boolean }) => [
        title,
        completed,
      ])
      if (JSON.stringify(titles) === '[["Water the plants",true],["Call the dentist at nine",false]]') return
      await new Promise(resolve => setTimeout(resolve, 50))
    }
    assert.fail('the page did not save what was done')
  }
})

test('when Python ends, everything ends and says why; a signal ends it all in order', async () => {
  const { stdout } = await promisify(execFile)('pgrep', ['-P', String(product.pid), '-f', 'latchkey_tasks'])
  process.kill(Number(stdout.trim()), 'SIGKILL')
  assert.notEqual(await product.exit, 0)
  assert.match(product.words(), /The API in Python has ended/)
  assert.equal(await postgresPid(place), null)
  product = await start(place, { command: byNode })
  product.kill('SIGTERM')
  assert.equal(await product.exit, 0, product.words())
  assert.equal(await postgresPid(place), null)
})
