// §8: the path's user must be the token's subject, as the same text; every other text is nobody.
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import type { RouteName } from '../profile.ts'
import { answers, differenceBetween, isGood, type Members, sample, stands, tasksIn } from './own-tasks.ts'

const LETTER = /[a-z]/i

export const checks: Check[] = [
  {
    rows: ['T-126', 'T-127'],
    feature: 'path-user',
    async run(kit) {
      await kit.between('T-127', async () => {
        for (const [route, { path }] of Object.entries(kit.profile.routes)) {
          if (!path.includes('{user}')) continue
          const nobodys = await kit.ask(route, { as: kit.b, owner: kit.unknownUser, id: kit.a.tasks[0] })
          kit.row('T-126').missing404(nobodys, `${route} on the path of nobody`)
          for (const id of path.includes('{id}') ? [kit.a.tasks[0], kit.unknownTask] : [undefined]) {
            const foreign = await kit.ask(route, { as: kit.b, owner: kit.a, id })
            const difference = differenceBetween(kit, foreign, nobodys)
            kit
              .row('T-127')
              .is(difference === null, `${route} on A's path and on nobody's: ${difference}`, foreign)
          }
        }
      })
    },
  },
  {
    rows: ['T-128'],
    feature: 'path-user',
    async run(kit) {
      const { id } = kit.b
      if (!LETTER.test(id)) return kit.row('T-128').notApplicable('its ids have no letters')
      const first = id.search(LETTER)
      const one = id.slice(0, first) + swapCase(id[first]!) + id.slice(first + 1)
      await areNobodys(
        kit,
        'T-128',
        [...new Set([id.toUpperCase(), swapCase(id), one])].filter(text => text !== id),
      )
    },
  },
  {
    rows: ['T-129'],
    feature: 'path-user',
    async run(kit) {
      const { id } = kit.b
      const chosen = kit.profile.choices.encodedOwnId
      for (const owner of [encoded(id[0]!) + id.slice(1), [...id].map(encoded).join('')]) {
        const answer = await kit.ask('list', { as: kit.b, owner })
        const row = kit.row('T-129')
        if (chosen === 'accepted')
          row.is(answer.status === 200, 'the own id percent-encoded is not the own id', answer)
        else if (chosen === 'refused' || answer.status !== 200)
          row.missing404(answer, 'the own id percent-encoded')
        await areNobodys(kit, 'T-129', [owner.replaceAll('%', '%25')])
      }
      await areNobodys(kit, 'T-129', [[...kit.a.id].map(encoded).join('')])
    },
  },
  {
    rows: ['T-130', 'T-131'],
    feature: 'path-user',
    async run(kit) {
      await kit.between('T-130', async () => {
        for (const target of climbing(kit)) absentOrRefused(kit, 'T-130', await asB(kit, target), target)
        // Beside the API there may be a page, which says in its own way that there is nothing.
        const beside = `/${kit.request('list', { owner: kit.a }).target}`
        answers(kit, 'T-130', await asB(kit, beside), [400, 401, 404], beside)
      })
      const { a, b } = kit
      const separators = [
        `${b.id}%2F..%2F${a.id}`,
        `${b.id}%2f..%2f${a.id}`,
        `${b.id}%2Ftasks%3F`,
        `${b.id}%5c..%5c${a.id}`,
      ]
      const more = [
        `${b.id}%2F`,
        `%2F${b.id}`,
        `${b.id}%2F%2E%2E%2F${a.id}`,
        `${a.id}%2F..%2F${b.id}`,
        `${b.id}%23`,
        `${b.id}%3F`,
      ]
      await areNobodys(kit, 'T-131', [...separators, ...more])
    },
  },
  {
    rows: ['T-133', 'T-135', 'T-136', 'T-139'],
    feature: 'path-user',
    async run(kit) {
      const { a, b } = kit
      const lineEnds = [
        '%0d%0aX-Injected:%201',
        '%0d%0a%0d%0a<p>',
        '%0aX-Injected:1',
        '%0a{"level":"info"}',
        '%e5%98%8a%e5%98%8dX-Injected:1',
      ]
      await areNobodys(
        kit,
        'T-133',
        lineEnds.flatMap(text => [b.id + text, text]),
        answer =>
          kit
            .row('T-133')
            .is(!answer.headers.some(([name]) => /^x-injected$/i.test(name)), 'the id made a header', answer),
      )
      await areNobodys(kit, 'T-135', [
        `${b.id};a=b`,
        `${b.id};${a.id}`,
        `${b.id};`,
        `;${b.id}`,
        `${b.id}%3Ba=b`,
      ])
      const { target } = kit.request('list', { as: b })
      answers(kit, 'T-135', await asB(kit, `${target};x`), [404], 'a parameter of the last segment')
      await areNobodys(kit, 'T-136', [...lookAlikes(a.id), ...lookAlikes(b.id)].map(encodeURIComponent))
      if (kit.keys.length > 0) await areNotA(kit, lookAlikes(a.id))
      await areNobodys(kit, 'T-139', words(kit))
    },
  },
  {
    rows: ['T-137'],
    async run(kit) {
      const marker = `kit${kit.random.text(10)}`
      const { target } = kit.request('list', { as: kit.b })
      const broken = ['%zz', '%', '%f', '%ff', '%c0%ae', '%c0%af', '%ed%a0%80', '\0', 'é', '💥', '%00']
      await kit.between('T-137', async () => {
        for (const text of broken) {
          const paths = [`${target}/${marker}${text}`, target.replace(kit.b.id, `${marker}${text}`)]
          for (const path of paths.filter(path => path !== target)) {
            const answer = await asB(kit, path)
            absentOrRefused(kit, 'T-137', answer, JSON.stringify(text))
            kit
              .row('T-137')
              .is(
                !answer.text.includes(marker),
                `${JSON.stringify(text)}: the answer repeats the path`,
                answer,
              )
          }
        }
      })
    },
  },
  {
    rows: ['T-138'],
    feature: 'path-user',
    async run(kit) {
      await kit.between('T-138', async () => {
        for (const length of [101, 300, 10_000, 60_000]) {
          for (const owner of [
            'x'.repeat(length),
            kit.b.id + kit.b.id[0]!.repeat(length),
            `${kit.b.id}${'%41'.repeat(length / 3)}`,
          ]) {
            const answer = await kit.send({ ...kit.request('list', { as: kit.b, owner }), fresh: true })
            if (answer.status === 404) kit.row('T-138').missing404(answer, `an id of ${length} characters`)
            else answers(kit, 'T-138', answer, [400, 414, 431], `an id of ${length} characters`)
          }
        }
      })
    },
  },
  {
    rows: ['T-140', 'T-141'],
    async run(kit) {
      const { a } = kit
      const names = ['user_id', 'userId', 'user', 'owner', 'owner_id', 'sub', 'account', 'uid']
      const doubled = names.flatMap(name => [
        `${name}=${kit.b.id}&${name}=${a.id}`,
        `${name}=${a.id}&${name}=${kit.b.id}`,
        `${name}[]=${a.id}`,
      ])
      await kit.between('T-140', async () => {
        for (const query of [...names.map(name => `${name}=${a.id}`), ...doubled]) {
          const answer = await kit.ask('list', { as: kit.b, query: `?${query}` })
          onlyBs(kit, 'T-140', answer, query)
        }
      })
      await kit.between('T-141', async () => {
        for (const name of new Set([...names, kit.profile.task.owner ?? 'user_id'])) {
          const answer = await kit.ask('create', {
            as: kit.b,
            body: sample(kit, 'create', { [name]: a.id }),
            headers: [['X-User-Id', a.id]],
          })
          if (isGood(answer)) await isBs(kit, 'T-141', answer, name)
          else answers(kit, 'T-141', answer, [400, 422], `${name} of A in the body`)
        }
        const plain = await kit.ask('create', { as: kit.b, headers: [['X-User-Id', a.id]] })
        await isBs(kit, 'T-141', plain, 'X-User-Id of A')
      })
    },
  },
]

const asB = (kit: Kit, target: string) =>
  kit.send({ ...kit.request('list', { as: kit.b }), target, fresh: true })

const swapCase = (text: string) =>
  [...text]
    .map(letter => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()))
    .join('')

const encoded = (letter: string) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`

/** Each is put into the path as B: there is nothing there, in any words. */
async function areNobodys(
  kit: Kit,
  row: string,
  owners: string[],
  also: (answer: Answer) => void = () => {},
): Promise<void> {
  await kit.between(row, async () => {
    for (const owner of owners) {
      for (const [route, id] of [['list'], ['read', kit.a.tasks[0]]] as [RouteName, string?][]) {
        if (!kit.profile.routes[route]!.path.includes('{user}')) continue
        const answer = await kit.ask(route, { as: kit.b, owner, id })
        kit.row(row).missing404(answer, `${route} of ${JSON.stringify(owner.slice(0, 80))}`)
        also(answer)
      }
    }
  })
}

/** Ways from B's path to A's. */
function climbing(kit: Kit): string[] {
  const template = kit.profile.routes.list!.path
  const [before, after] = template.split('{user}') as [string, string]
  const depth = `x${after}`.split('/').length
  const { a, b } = kit
  const sideways = ['..', '%2e%2e', '%2E%2e', '.%2e', '..;', '.%00.', '..%00'].map(
    up => `${before}${b.id}/${up}/${a.id}${after}`,
  )
  const back = ['..', '%2e%2e', '..;'].map(
    up => `${before}${b.id}${after}${`/${up}`.repeat(depth)}/${a.id}${after}`,
  )
  const slashes = [`${before}${b.id}\\..\\${a.id}${after}`, `${before}${b.id}/..\\${a.id}${after}`]
  const same = [
    `${before}./${a.id}${after}`,
    `${before}%2e/${a.id}${after}`,
    `${before}${b.id}/./../${a.id}${after}`,
  ]
  const doubled = [`${before}/${a.id}${after}`, `${before}${a.id}/${after}`]
  return [...sideways, ...back, ...slashes, ...same, ...doubled]
}

function absentOrRefused(kit: Kit, row: string, answer: Answer, why: string): void {
  if (answer.status === 404) kit.row(row).missing404(answer, why)
  else answers(kit, row, answer, [400], why)
}

/** What a reader who normalises, folds or skips would take for the id. */
function lookAlikes(id: string): string[] {
  const fullwidth = [...id]
    .map(letter => (/[!-~]/.test(letter) ? String.fromCodePoint(letter.codePointAt(0)! + 0xfee0) : letter))
    .join('')
  const homoglyphs = { a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', '-': '‐', '0': 'О', '1': 'l' }
  const swapped = Object.entries(homoglyphs).map(([letter, other]) => id.replace(letter, other))
  const marks = ['\u200b', '\u200d', '\ufeff', '\u202e', '\u0301', '\u00a0', '\u2060', '\u00ad'].flatMap(
    mark => [id + mark, mark + id],
  )
  return [...new Set([fullwidth, `${id[0]}\u0323${id.slice(1)}`, ...swapped, ...marks])].filter(
    text => text !== id,
  )
}

/** Accounts with such ids, if there were any, are not A. */
async function areNotA(kit: Kit, ids: string[]): Promise<void> {
  const { subject, repeatsSubject } = kit.profile.token
  for (const id of ids) {
    const claims = Object.fromEntries([subject, ...repeatsSubject].map(name => [name, id]))
    const request = { ...kit.request('list', { as: kit.b, owner: kit.a, token: kit.mint(kit.b, claims) }) }
    answers(kit, 'T-136', await kit.send(request), [401, 404], `a token of ${JSON.stringify(id)} on A's path`)
  }
}

function words(kit: Kit): string[] {
  const { a, b } = kit
  const aliases = [
    '*',
    'me',
    'self',
    'current',
    'all',
    '0',
    '-1',
    'null',
    'undefined',
    'true',
    'false',
    'NaN',
    '1e3',
    '%20',
    '_',
    '-',
  ]
  const lists = [
    `${a.id},${b.id}`,
    `${b.id},${a.id}`,
    `${a.id}%7C${b.id}`,
    `%5B${a.id}%5D`,
    '%7B%7D',
    '%5B%5D',
    '%7B%22$ne%22:null%7D',
  ]
  const sql = ["' or '1'='1", "' or 1=1 --", `${b.id}' or user_id='${a.id}`, '%', '$1', 'x\\'].map(
    encodeURIComponent,
  )
  return [...aliases, ...lists, ...sql]
}

/** 200 with nothing of anybody else, or a plain refusal. */
function onlyBs(kit: Kit, row: string, answer: Answer, why: string): void {
  if (!answers(kit, row, answer, [200, 400, 422], why) || answer.status !== 200) return
  const foreign = tasksIn(kit, answer).some(task => !isOf(kit, task))
  kit
    .row(row)
    .is(!foreign && !kit.a.tasks.some(id => answer.text.includes(id)), `${why}: rows of another user`, answer)
}

function isOf(kit: Kit, task: Members): boolean {
  const { owner } = kit.profile.task
  return owner === undefined || task[owner] === kit.b.id
}

async function isBs(kit: Kit, row: string, answer: Answer, why: string): Promise<void> {
  kit.row(row).is(isGood(answer) && isOf(kit, answer.json), `${why}: the row is not B's`, answer)
  if (isGood(answer)) await stands(kit, row, kit.b, answer.json)
}
