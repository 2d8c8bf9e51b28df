import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Json, openTestApi } from '../test/open-api.ts'
import { fieldsOf, type Organizer, openOrganizer } from '../test/organizer.ts'
import { uuidV7 } from './uuid.ts'

let product: Awaited<ReturnType<typeof openTestApi>>
let me: Organizer

before(async () => {
  product = await openTestApi()
  me = await openOrganizer(product)
})
after(() => product.close())

/** Follows the links from a first page to the last. */
async function allTitles(person: Organizer, query: string): Promise<string[]> {
  const seen: string[] = []
  for (let next: string | undefined = `/tasks?${query}`; next; ) {
    const page = await person.ask('GET', next)
    assert.equal(page.status, 200, page.text)
    seen.push(...page.json.map((task: Json) => task.title))
    next = /^<\/api\/[^/]+(.+)>; rel="next"$/.exec(page.headers.get('link') ?? '')?.[1]
  }
  return seen
}

describe('the filters', () => {
  let list: Json
  let parent: Json
  before(async () => {
    list = await me.addList('l')
    await me.add({ title: 'yesterday', due: '2026-11-20', priority: 1 })
    await me.add({ title: 'late', due: '2026-11-20T23:59[Pacific/Auckland]', list: list.id, tags: ['Red'] })
    await me.add({ title: 'today', due: '2026-11-21T00:00[Europe/Berlin]', tags: ['red', 'blue'] })
    await me.add({ title: 'done', due: '2026-11-21', completed: true, priority: 1 })
    parent = await me.add({ title: 'undated', list: list.id })
    await me.add({ title: 'sub', parent: parent.id, due: '2026-11-22' })
  })
  const finds = async (query: string, titles: string[]) =>
    assert.deepEqual(new Set(await me.titles(query)), new Set(titles), query)

  test('compare wall dates: before and after leave that day out', async () => {
    await finds('due_before=2026-11-21', ['yesterday', 'late'])
    await finds('due_before=2026-11-20', [])
    await finds('due_after=2026-11-20', ['today', 'done', 'sub'])
    await finds('due_after=2026-11-19&due_before=2026-11-21', ['yesterday', 'late'])
    await finds('due_after=2026-11-21', ['sub'])
    await finds('due_before=9999-12-31', ['yesterday', 'late', 'today', 'done', 'sub'])
  })
  test('know lists, the Inbox, tags, priorities, parents and completion, each and together', async () => {
    await finds(`list=${list.id}`, ['late', 'undated', 'sub'])
    await finds('list=inbox', ['yesterday', 'today', 'done'])
    await finds('tag=RED', ['late', 'today'])
    await finds('tag=red&list=inbox', ['today'])
    await finds('priority=1', ['yesterday', 'done'])
    await finds('priority=1&completed=false', ['yesterday'])
    await finds('parent=none&completed=false', ['yesterday', 'late', 'today', 'undated'])
    await finds(`parent=${parent.id}`, ['sub'])
    await finds(`list=${uuidV7(0)}`, [])
    await finds(`parent=${uuidV7(0)}`, [])
    await finds(
      `completed=false&list=${list.id}&tag=red&due_before=2026-11-21&parent=none&q=lat&priority=4`,
      ['late'],
    )
  })
  test('counts of Inbox, today and overdue are of open tasks', async () => {
    const counts = (today: string) => me.good('GET', `/counts?today=${today}`)
    assert.deepEqual(await counts('2026-11-21'), { inbox: 2, today: 3, overdue: 2 })
    assert.deepEqual(await counts('2026-11-22'), { inbox: 2, today: 4, overdue: 3 })
    assert.deepEqual(await counts('2026-11-19'), { inbox: 2, today: 0, overdue: 0 })
    for (const query of ['', '?today=', '?today=2026-02-30', '?today=today', '?today=2026-11-21&x=1'])
      assert.equal((await me.ask('GET', `/counts${query}`)).status, 400, query)
  })
  test('are refused by name when they are nothing the contract knows', async () => {
    const wrong: [string, string[]][] = [
      ['list=Inbox', ['list']],
      ['list=', ['list']],
      ['parent=null', ['parent']],
      ['due_before=2026-02-30', ['due_before']],
      ['due_after=21.11.2026&due_before=', ['due_after', 'due_before']],
      ['priority=0', ['priority']],
      ['priority=1.0', ['priority']],
      ['tag=', ['tag']],
      ['tag=a%20b', ['tag']],
      ['q=', ['q']],
      [`q=${'x'.repeat(201)}`, ['q']],
      ['q=%00', ['q']],
      ['trash=false', ['trash']],
      ['sort=title', ['sort']],
      ['sort=deleted', ['sort']],
      ['Sort=due&order=asc', ['Sort', 'order']],
    ]
    for (const [query, fields] of wrong) {
      const answer = await me.ask('GET', `/tasks?${query}`)
      assert.equal(answer.status, 400, query)
      assert.deepEqual(fieldsOf(answer).sort(), fields.sort(), query)
    }
  })
})

describe('the order', () => {
  let person: Organizer
  before(async () => {
    person = await openOrganizer(product)
    const made = [
      { title: 'a', due: '2026-11-22', priority: 2, position: 'a3' },
      { title: 'b', priority: 1, position: 'a2' },
      { title: 'c', due: '2026-11-21T09:00[UTC]', priority: 2, position: 'a1' },
      { title: 'd', due: '2026-11-21', position: 'a5' },
      { title: 'e', position: 'a4', completed: true },
      { title: 'f', due: '2026-11-22', priority: 1, position: 'Zz', completed: true },
    ]
    for (const content of made) await person.add(content)
  })
  const orders: Record<string, string> = {
    newest: 'fedcba',
    due: 'dcfabe',
    position: 'fcbaed',
    priority: 'fbcaed',
    completed: 'fe',
  }
  for (const [sort, order] of Object.entries(orders))
    test(`${sort} is the same in one page and in many`, async () => {
      const query = sort === 'completed' ? 'sort=completed&completed=true' : `sort=${sort}`
      for (const limit of [100, 4, 1])
        assert.equal((await allTitles(person, `${query}&limit=${limit}`)).join(''), order, `limit ${limit}`)
    })
  test('by completion has what is open last', async () => {
    assert.equal((await allTitles(person, 'sort=completed&limit=1')).join('').slice(0, 2), 'fe')
    assert.equal((await allTitles(person, 'sort=completed&limit=1')).length, 6)
  })
})

describe('a cursor', () => {
  test('is bound to every filter and the order, and not to the page size', async () => {
    const person = await openOrganizer(product)
    for (let n = 0; n < 3; n += 1)
      await person.add({ title: `t${n}`, tags: ['x'], due: '2026-11-21', priority: 1 })
    const filters =
      'completed=false&list=inbox&tag=x&due_before=2026-11-22&due_after=2026-11-20&priority=1&parent=none&q=t&sort=due'
    const first = await person.ask('GET', `/tasks?${filters}&limit=1`)
    const link = new URL(/<(.+)>/.exec(first.headers.get('link')!)![1]!, 'http://x').searchParams
    const cursor = link.get('cursor')!
    assert.deepEqual(
      [...link.keys()].sort(),
      [...new URLSearchParams(`${filters}&limit=1&cursor=x`).keys()].sort(),
    )
    assert.equal((await person.ask('GET', `/tasks?${filters}&limit=2&cursor=${cursor}`)).json.length, 2)
    for (const [name] of new URLSearchParams(filters)) {
      const others = new URLSearchParams(`${filters}&cursor=${cursor}`)
      others.delete(name)
      const answer = await person.ask('GET', `/tasks?${others}`)
      assert.deepEqual([answer.status, fieldsOf(answer)], [400, ['cursor']], `without ${name}`)
    }
    const trash = await person.ask('GET', `/tasks?trash=true&cursor=${cursor}`)
    assert.equal(trash.status, 400)
  })
})

describe('any query', () => {
  test('is answered 200 with tasks that fit it, or 400 that names parameters, never otherwise', async () => {
    const person = await openOrganizer(product)
    const list = await person.addList('l')
    for (let n = 0; n < 12; n += 1)
      await person.add({
        title: `word${n} été`,
        due: n % 3 ? `2026-11-${10 + n}` : null,
        priority: 1 + (n % 4),
        tags: n % 2 ? ['odd'] : [],
        list: n % 4 ? null : list.id,
        completed: n % 5 === 0,
      })
    const values: Record<string, string[]> = {
      completed: ['true', 'false', 'maybe'],
      list: ['inbox', list.id, 'x', ''],
      tag: ['odd', 'ODD', 'none', 'a b', '%'],
      due_before: ['2026-11-15', '2026-13-01', "' or 1=1"],
      due_after: ['2026-11-12', '0000-00-00'],
      priority: ['1', '4', '9'],
      parent: ['none', list.id, 'NULL'],
      q: ['word', 'ete', 'WORD1 é', '%', '_', '\\', '"', "';--", '日', '\ud83d\ude00', '!!!'],
      trash: ['true', '1'],
      sort: ['newest', 'due', 'position', 'priority', 'completed', 'deleted', 'id;--'],
      limit: ['1', '100', '0', '1e2'],
      cursor: ['', 'AAAA', '%F0'],
      user_id: ['x'],
    }
    let state = 7
    const random = () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state / 2 ** 32
    }
    const statuses = new Map<number, number>()
    for (let n = 0; n < 600; n += 1) {
      const query = new URLSearchParams()
      for (const [name, choices] of Object.entries(values)) {
        const isGood = random() < 0.9
        const known = choices.filter(
          value => isGood === !['maybe', 'x', '', 'a b', '9', 'NULL', '1e2', 'id;--', '0'].includes(value),
        )
        const rare = ['cursor', 'user_id', 'trash'].includes(name)
        if (random() < (rare ? 0.05 : 0.25))
          query.set(
            name,
            (known.length ? known : choices)[Math.floor(random() * (known.length || choices.length))]!,
          )
      }
      const answer = await person.ask('GET', `/tasks?${query}`)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status === 400)
        assert.ok(
          fieldsOf(answer).every(field => query.has(field)),
          `${query}: ${answer.text}`,
        )
      else assertFits(answer, query, list.id)
    }
    assert.ok(statuses.get(200)! > 100 && statuses.get(400)! > 100, JSON.stringify([...statuses]))
  })

  function assertFits(
    answer: { status: number; text: string; json: Json },
    query: URLSearchParams,
    list: string,
  ) {
    assert.equal(answer.status, 200, `${query}: ${answer.text}`)
    for (const task of answer.json as Json[]) {
      const told = `${query}: ${JSON.stringify(task)}`
      if (query.has('completed')) assert.equal(String(task.completed), query.get('completed'), told)
      if (query.has('list')) assert.equal(task.list, query.get('list') === 'inbox' ? null : list, told)
      if (query.has('tag')) assert.deepEqual(task.tags, ['odd'], told)
      if (query.has('priority')) assert.equal(String(task.priority), query.get('priority'), told)
      if (query.has('due_before')) assert.ok(task.due < query.get('due_before')!, told)
      if (query.has('due_after')) assert.ok(task.due > query.get('due_after')!, told)
      assert.equal(task.deleted_at !== null, query.has('trash'), told)
    }
  }
})

describe('a search', () => {
  let person: Organizer
  before(async () => {
    person = await openOrganizer(product)
    await person.add({ title: 'Pay the Invoice', description: 'to Café Müller, before 2026-12-01' })
    await person.add({ title: 'Straße fegen', description: null })
    await person.add({ title: 'ŁÓDŹ', description: 'ÆRØ œuvre ﬁne' })
    await person.add({ title: 'ΚΑΦΕΣ τώρα', description: 'ПРИВЕТ мир ёлка' })
    await person.add({ title: '明日の会議', description: '자료 준비' })
    await person.add({ title: '100% of snake_case C:\\temp' })
  })
  const found: [string, string[]][] = [
    ['inv', ['Pay the Invoice']],
    ['INVOICE pay', ['Pay the Invoice']],
    ['voice', []],
    ['cafe mull', ['Pay the Invoice']],
    ['CAFÉ', ['Pay the Invoice']],
    ['cafe\u0301', ['Pay the Invoice']],
    ['invoice strasse', []],
    ['2026-12', ['Pay the Invoice']],
    ['strasse', ['Straße fegen']],
    ['straße', ['Straße fegen']],
    ['lodz', ['ŁÓDŹ']],
    ['aero', ['ŁÓDŹ']],
    ['aer', ['ŁÓDŹ']],
    ['oeuvre fine', ['ŁÓDŹ']],
    ['καφες', ['ΚΑΦΕΣ τώρα']],
    ['τωρ', ['ΚΑΦΕΣ τώρα']],
    ['привет', ['ΚΑΦΕΣ τώρα']],
    ['会議', ['明日の会議']],
    ['자료', ['明日の会議']],
    ['%', []],
    ['_', []],
    ['100%', ['100% of snake_case C:\\temp']],
    ['snake_', ['100% of snake_case C:\\temp']],
    ['case', ['100% of snake_case C:\\temp']],
    ['c:\\temp', ['100% of snake_case C:\\temp']],
    ['...', []],
  ]
  for (const [q, titles] of found)
    test(`for ${JSON.stringify(q)} finds ${titles.length ? titles.join(', ') : 'nothing'}`, async () => {
      assert.deepEqual(await person.titles(`q=${encodeURIComponent(q)}`), titles)
    })
  test('follows what is changed, and finds in the trash when asked there', async () => {
    const task = await person.add({ title: 'first words' })
    await person.change(task.id, { title: 'second' })
    assert.deepEqual(await person.titles('q=first'), [])
    await person.change(task.id, { description: 'third' })
    assert.deepEqual(await person.titles('q=sec%20thi'), ['second'])
    await person.good('DELETE', `/tasks/${task.id}`)
    assert.deepEqual(await person.titles('q=second'), [])
    assert.deepEqual(await person.titles('q=second&trash=true'), ['second'])
  })
})
