// `kid` picks one of the keys that the target has, and does nothing else: matrix §4, T-050 … T-057.
import { readFileSync } from 'node:fs'
import type { Check, Kit } from '../check.ts'
import type { Key } from '../token.ts'
import { type Case, nearMisses, notTexts, onListOf, say, withHeader } from './token-cases.ts'

export const checks: Check[] = [
  { rows: ['T-050', 'T-051'], needs: ['key'], feature: 'kid', run: whichKey },
  { rows: ['T-052'], run: kidAsPath },
  { rows: ['T-054'], alone: true, run: kidAsCommand },
  { rows: ['T-056'], run: kidInTheLog },
  {
    rows: ['T-057'],
    needs: ['hook:rotate-keys'],
    feature: 'rotation',
    kind: 'destructive',
    deadline: 240,
    last: true,
    run: retiredKey,
  },
]

async function whichKey(kit: Kit): Promise<void> {
  const [key, second] = kit.keys as [Key, Key?]
  const mayMiss = kit.profile.choices.missingKid === 'single-key'
  const values = [...(mayMiss ? [] : [undefined]), '', ...notTexts(kit.random), [key.kid], { kid: key.kid }]
  const noKids = values.map((kid): Case => [`kid ${say(kid)}`, withHeader(kit, { kid })])
  await kit.refuses('T-050', onListOf(kit, kit.b, noKids))
  const names = ['__proto__', 'constructor', 'toString', 'default', '*', '0', kit.random.text(8)]
  const unknown = [...nearMisses(kit.random, String(key.kid)), ...names].filter(
    kid => !kit.keys.some(one => one.kid === kid),
  )
  const cases = unknown.map(
    (kid): Case => [`unknown kid ${say(kid)}, signature by ${key.kid}`, withHeader(kit, { kid })],
  )
  if (second) {
    cases.push([`kid ${second.kid}, signature by ${key.kid}`, withHeader(kit, { kid: second.kid })])
    cases.push([`kid ${key.kid}, signature by ${second.kid}`, withHeader(kit, { kid: key.kid }, second)])
  } else {
    kit.row('T-051').note('one key alone in the profile: the kid of a second one was not tried')
  }
  await kit.refuses('T-051', onListOf(kit, kit.b, cases))
}

const FILES = ['/dev/null', '/proc/sys/kernel/randomize_va_space', '/etc/hostname', '/proc/sys/kernel/ostype']

/** Files whose content everybody knows, and the content as the secret. */
async function kidAsPath(kit: Kit): Promise<void> {
  const up = '../'.repeat(8)
  const cases = FILES.flatMap(file =>
    [file, `${up}${file.slice(1)}`, `..${file}`, `${up}${file.slice(1)}\u0000`, `file://${file}`].flatMap(
      kid =>
        contentsOf(file).map((secret): Case => {
          const token = kit.forge({
            header: kit.header({ alg: 'HS256', kid }),
            claims: kit.claims(kit.a),
            key: { alg: 'HS256', secret },
          })
          return [`kid ${say(kid)}, secret ${say(secret.toString())}`, token]
        }),
    ),
  )
  await kit.refuses('T-052', onListOf(kit, kit.a, cases))
}

function contentsOf(file: string): Buffer[] {
  const known = file === '/dev/null' ? [''] : ['', '2\n', '2', 'Linux\n', localContent(file)]
  return [...new Set(known)].map(text => Buffer.from(text))
}

/** The target may be on this machine; elsewhere the guess is merely wrong. */
function localContent(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

const SLEEP_SECONDS = 2
const NORMAL_MS = 1_000

/** Slow once may be noise; three times it is the command. */
async function kidAsCommand(kit: Kit): Promise<void> {
  const row = kit.row('T-054')
  const kids = [
    `|sleep ${SLEEP_SECONDS}`,
    `$(sleep ${SLEEP_SECONDS})`,
    `\`sleep ${SLEEP_SECONDS}\``,
    `x; sleep ${SLEEP_SECONDS}`,
    `x' || pg_sleep(${SLEEP_SECONDS})--`,
    `'||pg_sleep(${SLEEP_SECONDS})--`,
    `'; select pg_sleep(${SLEEP_SECONDS})--`,
    `x' union select 'AA'--`,
    `' or '1'='1`,
    `x' and sleep(${SLEEP_SECONDS})#`,
    `x'; waitfor delay '0:0:${SLEEP_SECONDS}'--`,
  ]
  const token = (kid: string) =>
    kit.forge({ header: kit.header({ kid }), claims: kit.claims(kit.a), key: kit.ownKey('HS256') })
  await kit.between('T-054', async () => {
    for (const kid of kids) {
      let fastest = Infinity
      for (let attempt = 0; attempt < 3 && fastest >= NORMAL_MS; attempt += 1) {
        const answer = await kit.send(kit.withToken(token(kid), kit.a))
        if (!row.refused401(answer, `kid ${kid}`)) break
        fastest = Math.min(fastest, answer.ms)
      }
      if (!row.is(fastest < NORMAL_MS, `kid ${kid}: ${fastest.toFixed(0)} ms until it was answered`)) return
    }
  })
}

async function kidInTheLog(kit: Kit): Promise<void> {
  const mark = kit.random.text(16)
  const start = (await kit.hooks.log?.({ after: 0 }))?.end ?? 0
  const texts = [
    'k'.repeat(10 * 1024),
    `k\r\n{"level":"info","event":"${mark}"}`,
    `k\nSet-Cookie: ${mark}=1`,
    'k\u001b[2J\u001b]0;x\u0007',
    'k\u2028k\u2029k',
    '$' + '{jndi:ldap://127.0.0.1/x}',
    '%s%n%x %d',
    '<script>',
    'ключ',
    '\u0000',
    '\ud800',
  ]
  const cases = texts.map((kid): Case => {
    const token = kit.forge({
      header: kit.header({ kid }),
      claims: kit.claims(kit.a),
      key: kit.ownKey('HS256'),
    })
    return [`kid ${say(kid)}`, token]
  })
  await kit.refuses('T-056', onListOf(kit, kit.a, cases))
  const log = await kit.hooks.log?.({ after: start })
  if (log === undefined) return
  const forged = log.text
    .split('\n')
    .filter(line => line.trimStart().startsWith('{') && eventOf(line) === mark)
  kit.row('T-056').is(forged.length === 0, 'a line break in kid writes no line of its own into the log')
}

function eventOf(line: string): unknown {
  try {
    return JSON.parse(line).event
  } catch {
    return undefined
  }
}

/** The last thing of a run: afterwards the key that signed until now is of no use. Another check may have rotated. */
async function retiredKey(kit: Kit): Promise<void> {
  const row = kit.row('T-057')
  const old = kit.b.token
  const { kid } = kit.header()
  const oldKey = kit.keys.find(key => key.kid === kid)
  const unused = oldKey && kit.mint(kit.b, {}, oldKey)
  const ask = (token: string) => kit.send(kit.withToken(token, kit.b))
  if ((await ask(old)).status === 200) {
    for (const step of ['announce', 'sign'] as const) {
      await kit.hooks['rotate-keys']!({ step })
      row.is((await ask(old)).status === 200, `the old key is good until it is retired (after "${step}")`)
    }
    await kit.hooks['rotate-keys']!({ step: 'retire' })
  }
  for (const identity of [kit.a, kit.b]) {
    if (identity.session) identity.token = await kit.accounts.token(identity.session)
  }
  if (kit.b.session) {
    const answer = await ask(kit.b.token)
    row.is(answer.status === 200 && kit.header().kid !== kid, 'a token of the next key is not good', answer)
  }
  row.refused401(await ask(old), 'a token of the retired key, used before')
  if (unused) row.refused401(await ask(unused), 'a token of the retired key, never used')
  const alg = kit.profile.token.alg
  const header = kit.header({ kid: kit.random.text(8) })
  const unknown = kit.forge({ header, claims: kit.claims(kit.b), key: kit.ownKey(alg) })
  row.refused401(await ask(unknown), 'a token of a key that is not announced yet')
}
