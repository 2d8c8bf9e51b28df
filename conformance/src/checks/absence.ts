// §20: nothing in an answer, nor the time it takes, tells what is another's from what is not there.
import { setImmediate } from 'node:timers/promises'
import type { Check, Kit } from '../check.ts'
import type { Answer } from '../client.ts'
import { answers, differenceBetween, idOf, makeTask, objectRoutes } from './own-tasks.ts'

export const checks: Check[] = [
  {
    rows: ['T-285', 'T-287'],
    async run(kit) {
      const gone = idOf(kit, await makeTask(kit, kit.b))
      await kit.ask('delete', { as: kit.b, id: gone })
      for (const route of objectRoutes(kit)) {
        for (const headers of [[], [['If-Match', '"1"']], [['If-None-Match', '"1"']]] as [
          string,
          string,
        ][][]) {
          const never = await kit.ask(route, { as: kit.b, id: kit.unknownTask, headers })
          for (const [what, id] of [
            ["A's", kit.a.tasks[0]!],
            ['deleted', gone],
            ['malformed', 'x'],
            ['malformed', '%00'],
          ]) {
            const answer = await kit.ask(route, { as: kit.b, id, headers })
            const beside = headers.map(([name]) => ` with ${name}`).join('')
            if (headers.length === 0)
              kit.row('T-285').missing404(answer, `${route} of a task that is ${what}`)
            const difference = differenceBetween(kit, answer, never)
            kit
              .row('T-285')
              .is(difference === null, `${route}${beside} of a task that is ${what}: ${difference}`, answer)
            isSameShape(kit, answer, never, `${route} of a task that is ${what}`)
          }
        }
        await kit.unchanged('T-285')
      }
      await countersMoveAlike(kit)
      await kit.control('T-285')
      await kit.control('T-287')
    },
  },
  {
    rows: ['T-290'],
    needs: ['fresh-users'],
    feature: 'path-user',
    kind: 'statistical',
    deadline: 120,
    async run(kit) {
      const victim = await kit.freshUser()
      const time = async (owner: string) => {
        const answer = await kit.ask('list', { as: kit.b, owner })
        answers(kit, 'T-290', answer, [404], 'the path of another')
        return answer.ms
      }
      let isOver = false
      const writing = write(kit, victim, () => isOver)
      try {
        const { auc, low, high, pairs, verdict } = await kit.statistics.compare(
          { first: () => time(victim.id), second: () => time(kit.unknownUser) },
          { pairs: 300 },
        )
        const said = `the path of one who writes is slower in ${(auc * 100).toFixed(1)} % of ${pairs} pairs (${low.toFixed(3)} to ${high.toFixed(3)} at 95 %)`
        kit.row('T-290').note(said)
        if (verdict === 'unclear') kit.row('T-290').inconclusive(said)
        else kit.row('T-290').is(verdict === 'same', said)
      } finally {
        isOver = true
        await writing
      }
    },
  },
  {
    rows: ['T-291'],
    feature: 'path-user',
    async run(kit) {
      const { target } = kit.request('list', { as: kit.b })
      const foreign = await kit.ask('list', { as: kit.b, owner: kit.a })
      const route = await kit.send({
        ...kit.request('list', { as: kit.b }),
        target: `${target}/x/${kit.random.text(8)}`,
      })
      const difference = differenceBetween(kit, route, foreign)
      const isWritten = kit.profile.choices.routeNotFound === 'documented'
      kit
        .row('T-291')
        .is(
          route.status === 404 && (isWritten || difference === null),
          `a route there is not and A's path: ${difference}`,
          route,
        )
    },
  },
]

/** Headers that only a row could have. */
const TELLING = /^(etag|last-modified|server-timing|x-cache|age|x-runtime|x-response-time)$/i

/** What may vary from answer to answer still has one length. */
function isSameShape(kit: Kit, answer: Answer, other: Answer, why: string): void {
  const row = kit.row('T-287')
  const shape = ({ headers }: Answer) => headers.map(([name, value]) => `${name} ${value.length}`).join()
  row.is(shape(answer) === shape(other), `${why}: its headers have another form`, answer)
  const telling = answer.headers.find(([name]) => TELLING.test(name))
  row.is(telling === undefined, `${why}: the 404 has ${telling?.[0]}`, answer)
}

/** Asking for what is another's uses up as much of any limit as asking for nothing. */
async function countersMoveAlike(kit: Kit): Promise<void> {
  const used = async (id: string) => {
    const first = countersOf(await kit.ask('read', { as: kit.b, id }))
    const second = countersOf(await kit.ask('read', { as: kit.b, id }))
    return Object.keys(second)
      .map(name => `${name} ${(second[name] ?? 0) - (first[name] ?? 0)}`)
      .join(', ')
  }
  const [foreign, missing] = [await used(kit.a.tasks[0]!), await used(kit.unknownTask)]
  kit
    .row('T-287')
    .is(foreign === missing, `counters move by ${foreign} for A's task and by ${missing} for none`)
}

function countersOf({ headers }: Answer): Record<string, number> {
  const counters = headers.filter(([name]) => /remaining|ratelimit|used|quota/i.test(name))
  return Object.fromEntries(counters.map(([name, value]) => [name, Number(/\d+/.exec(value)?.[0] ?? 0)]))
}

async function write(kit: Kit, as: Parameters<typeof makeTask>[1], isOver: () => boolean): Promise<void> {
  const id = idOf(kit, await makeTask(kit, as))
  while (!isOver()) {
    await kit.ask('change', { as, id, body: { [kit.profile.task.title]: `Busy ${kit.random.text(6)}` } })
    await setImmediate()
  }
}
