// §16: what a server says when it will not or cannot.
import type { Check, Kit, Row } from '../check.ts'
import type { Answer } from '../client.ts'
import { statusOf } from '../row.ts'
import { INSIDE } from './answers.ts'
import { sendPatiently } from './own-tasks.ts'
import { freshAddresses, isGood, trySignIn } from './people.ts'

export const checks: Check[] = [
  {
    rows: ['T-248'],
    feature: 'rate-limit',
    needs: ['fresh-users'],
    kind: 'destructive',
    run: refusalsSayWhen,
  },
  { rows: ['T-247'], needs: ['hook:break'], kind: 'destructive', run: failuresSayLittle },
]

async function refusalsSayWhen(kit: Kit): Promise<void> {
  const row = kit.row('T-248')
  const from = freshAddresses(kit)()
  const { email } = await kit.accounts.signUp()
  const limit = kit.profile.choices.failuresPerAccountAndAddress ?? 20
  let answer = await trySignIn(kit, email, 'wrong wrong wrong 1', from)
  for (let tries = 0; tries < limit && answer.status !== 429; tries += 1)
    answer = await trySignIn(kit, email, 'wrong wrong wrong 1', from)
  mustSayWhen(row, answer, 429)
  if (!kit.hooks.database) return
  try {
    await kit.hooks.database({ up: false })
    const busy = await kit.ask('list', { as: kit.b })
    mustSayWhen(row, busy, 503)
  } finally {
    await kit.hooks.database({ up: true })
  }
}

function mustSayWhen(row: Row, answer: Answer, status: number): void {
  const said = answer.header('retry-after') ?? ''
  row.is(answer.status === status, `${status} expected, ${statusOf(answer)} came`, answer)
  row.is(
    /^\d+$/.test(said) || !Number.isNaN(Date.parse(said)),
    `a ${status} with Retry-After ${said || 'missing'}`,
    answer,
  )
}

async function failuresSayLittle(kit: Kit): Promise<void> {
  const row = kit.row('T-247')
  const after = (await kit.hooks.log?.({ after: 0 }))?.end ?? 0
  try {
    await kit.hooks.break!({ broken: true })
    const answer = await sendPatiently(kit, kit.request('list', { as: kit.b }))
    row.is(answer.status === 500, `an unforeseen failure is answered ${statusOf(answer)}`, answer)
    const inside = INSIDE.exec(answer.text)
    row.is(inside === null, `a 500 shows ${inside?.[0].slice(0, 60)}`, answer)
    const id = answer.header('x-request-id') ?? answer.json?.id ?? answer.json?.request_id
    row.is(typeof id === 'string' && id.length >= 8, 'a 500 without an id', answer)
    if (kit.hooks.log) {
      const { text } = await kit.hooks.log({ after })
      row.is(text.includes(String(id)), 'the log knows nothing of a 500')
    }
  } finally {
    await kit.hooks.break!({ broken: false })
  }
  const again = await kit.ask('list', { as: kit.b })
  row.is(isGood(again), `after an unforeseen failure the server answers ${statusOf(again)}`, again)
}
