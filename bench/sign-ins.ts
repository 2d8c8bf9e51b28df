// Whether 200 people who sign in at once are felt by those who use the API: `npm run bench:sign-ins`, on two cores or
// more. Exits with 1 when the API's p99 at 20 % of its capacity more than doubles. Short times with and without the
// crowd take turns, so that whatever else the machine does falls on both.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { askAtFullSpeed, askAtRate, median, quantile } from './load.ts'
import { runBench } from './run.ts'
import { addTasks, credentials, type Person, type Servers, signUp } from './servers.ts'
import { openWire, requestText } from './wire.ts'

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '3' }, rounds: { type: 'string', default: '12' } },
})
const seconds = Number(options.seconds)
const SIGN_INS = 200
const BAR = 2

await runBench({}, measure)

async function measure(servers: Servers): Promise<boolean> {
  const people: Person[] = []
  for (let n = 0; n < 10; n += 1) people.push(await signUp(servers))
  for (const person of people) await addTasks(servers, person, 20)
  const requests = people.map(({ id, token }) =>
    requestText({ path: `/api/${id}/tasks`, headers: { Authorization: `Bearer ${token}` } }),
  )
  const plan = { port: servers.api.port, request: (n: number) => requests[n % requests.length]! }
  await askAtFullSpeed({ ...plan, connections: 32, seconds: 3 })
  const { good } = await askAtFullSpeed({ ...plan, connections: 32, seconds: 5 })
  const capacity = good.length / 5
  const rate = Math.round(capacity / 5)
  console.log(`capacity ${capacity.toFixed(0)} requests/s; asked at ${rate}`)
  const rounds: Round[] = []
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const quiet = await askAtRate({ ...plan, rate, seconds })
    const crowd = startCrowd(servers, people)
    await delay(500)
    const busy = await askAtRate({ ...plan, rate, seconds })
    const statuses = await crowd.end()
    rounds.push({ quiet: quiet.good, busy: busy.good })
    const [before, during] = p99s(rounds.at(-1)!)
    const unanswered = busy.sent - busy.good.length
    console.log(
      `p99 ${before.toFixed(1)} ms → ${during.toFixed(1)} ms, × ${(during / before).toFixed(2)}; ` +
        `${unanswered} not answered 200; sign-ins by answer: ${JSON.stringify(statuses)}`,
    )
    await delay(500)
  }
  return conclude(rounds)
}

/** Milliseconds of the API's answers, ascending. */
interface Round {
  quiet: number[]
  busy: number[]
}

function p99s({ quiet, busy }: Round): [number, number] {
  return [quantile(quiet, 0.99), quantile(busy, 0.99)]
}

/** The median of the rounds: one that something else on the machine fell into decides nothing. */
function conclude(rounds: Round[]): boolean {
  const ratio = median(rounds.map(round => p99s(round)[1] / p99s(round)[0]))
  const pool = (name: keyof Round) => rounds.flatMap(round => round[name]).sort((a, b) => a - b)
  const [before, during] = p99s({ quiet: pool('quiet'), busy: pool('busy') })
  console.log(`all rounds together: p99 ${before.toFixed(1)} ms → ${during.toFixed(1)} ms`)
  console.log(`median ratio ${ratio.toFixed(2)} (bar: ${BAR})`)
  return ratio <= BAR
}

/** So many people sign in at every moment, each as soon as the last one has been let in. */
function startCrowd({ issuer }: Servers, people: Person[]) {
  let going = true
  const statuses: Record<number, number> = {}
  const wires = Array.from({ length: SIGN_INS }, (_, n) => openWire(issuer.port, `127.0.1.${n + 1}`))
  const signInAgain = async (n: number) => {
    const body = credentials(people[n % people.length]!.email)
    const request = requestText({ method: 'POST', path: '/api/auth/sign-in/email', body })
    while (going && wires[n]!.open) {
      const answer = await wires[n]!.send(request)
      if (!answer) return
      statuses[answer.status] = (statuses[answer.status] ?? 0) + 1
      // Whoever is refused comes back when it was told to.
      if (answer.status !== 200) await delay(1_000)
    }
  }
  const all = Promise.all(wires.map((_, n) => signInAgain(n)))
  return {
    end: async () => {
      going = false
      for (const wire of wires) wire.end()
      await all
      return statuses
    },
  }
}
