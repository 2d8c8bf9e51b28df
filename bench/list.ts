// How many lists of twenty tasks a second the API answers on this machine: `npm run bench:list`.
import { parseArgs } from 'node:util'
import { askAtFullSpeed, quantile } from './load.ts'
import { runBench } from './run.ts'
import { addTasks, signUp } from './servers.ts'
import { requestText } from './wire.ts'

const { values: options } = parseArgs({ options: { seconds: { type: 'string', default: '8' } } })
const seconds = Number(options.seconds)

await runBench({}, async servers => {
  const person = await signUp(servers)
  await addTasks(servers, person, 20)
  const headers = { Authorization: `Bearer ${person.token}` }
  const request = requestText({ path: `/api/${person.id}/tasks`, headers })
  const plan = { port: servers.api.port, request: () => request, connections: 32 }
  await askAtFullSpeed({ ...plan, seconds: 3 })
  const { good, sent } = await askAtFullSpeed({ ...plan, seconds })
  const [half, most] = [0.5, 0.99].map(share => quantile(good, share).toFixed(1))
  console.log(
    `${(good.length / seconds).toFixed(0)} lists/s, p50 ${half} ms, p99 ${most} ms, ${sent - good.length} failed`,
  )
  return good.length === sent
})
