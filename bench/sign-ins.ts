// Whether 200 people who sign in at once are felt by those who use the API: `npm run bench:sign-ins`, on two cores or
// more. Exits with 1 when the API's p99 at 20 % of its capacity more than doubles.
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { askAtFullSpeed, askAtRate, median, quantile } from './load.ts'
import { runBench } from './run.ts'
import { addTasks, credentials, type Person, type Servers, signUp } from './servers.ts'
import { openWire, requestText } from './wire.ts'

const { values: options } = parseArgs({
  options: { seconds: { type: 'string', default: '8' }, rounds: { type: 'string', default: '5' } },
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
  const ratios: number[] = []
  for (let round = 0; round < Number(options.rounds); round += 1) {
    const quiet = await askAtRate({ ...plan, rate, seconds })
    const crowd = startCrowd(servers, people)
    await delay(500)
    const busy = await askAtRate({ ...plan, rate, seconds })
    const { signedIn, others } = await crowd.end()
    const [before, during] = [quiet, busy].map(result => quantile(result.good, 0.99)) as [number, number]
    ratios.push(during / before)
    const unanswered = busy.sent - busy.good.length
    console.log(
      `p99 ${before.toFixed(1)} ms → ${during.toFixed(1)} ms, × ${(during / before).toFixed(2)}; ` +
        `${unanswered} not answered 200; ${(signedIn / (seconds + 0.5)).toFixed(1)} sign-ins/s, ${others} refused`,
    )
    await delay(1_000)
  }
  console.log(`median ratio ${median(ratios).toFixed(2)} (bar: ${BAR})`)
  return median(ratios) <= BAR
}

/** So many people sign in at every moment, each as soon as the last one has been let in. */
function startCrowd({ issuer }: Servers, people: Person[]) {
  let going = true
  let signedIn = 0
  let others = 0
  const wires = Array.from({ length: SIGN_INS }, (_, n) => openWire(issuer.port, `127.0.1.${n + 1}`))
  const signInAgain = async (n: number) => {
    const body = credentials(people[n % people.length]!.email)
    const request = requestText({ method: 'POST', path: '/api/auth/sign-in/email', body })
    while (going && wires[n]!.open) {
      const answer = await wires[n]!.send(request)
      if (answer?.status === 200) signedIn += 1
      else if (answer) others += 1
    }
  }
  const all = Promise.all(wires.map((_, n) => signInAgain(n)))
  return {
    end: async () => {
      going = false
      for (const wire of wires) wire.end()
      await all
      return { signedIn, others }
    },
  }
}
