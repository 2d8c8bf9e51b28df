import { execFileSync } from 'node:child_process'
import { call, signUp } from '../../../test/in-process.ts'
import { deploy } from './deployment.ts'

const d = await deploy().catch(e => {
  console.error(e.message)
  process.exit(1)
})
const person = await signUp({ url: d.issuerUrl } as never)
const path = `/api/${person.id}/tasks`
let id = ''
for (let i = 0; i < 20; i++)
  id = (await call(d.theirs, 'POST', path, { token: person.token, body: { title: `Task number ${i}` } })).body
    .id
const { writeFileSync } = await import('node:fs')
writeFileSync(
  '/tmp/fast6/post.lua',
  `wrk.method="POST"\nwrk.body='{"title":"A task to create"}'\nwrk.headers["Content-Type"]="application/json"\n`,
)
writeFileSync('/tmp/fast6/toggle.lua', `wrk.method="PATCH"\n`)
const wrk = (what: string, url: string, ...more: string[]) => {
  const out = execFileSync('wrk', [
    '-t1',
    '-c32',
    `-d${process.env.D ?? 4}s`,
    '--latency',
    '-H',
    `Authorization: Bearer ${person.token}`,
    ...more,
    url,
  ]).toString()
  console.log(
    what,
    /Requests\/sec: +([\d.]+)/.exec(out)![1],
    '99%',
    /99%\s+(\S+)/.exec(out)![1],
    /Non-2xx.*/.exec(out)?.[0] ?? '',
  )
}
const names = (process.env.WHICH ?? 'theirs,ours,theirs,ours').split(',') as ('ours' | 'theirs')[]
for (const w of names) {
  const url = d[w].url
  wrk(`${w} list`, `${url}${path}?limit=20`)
  wrk(`${w} read`, `${url}${path}/${id}`)
  wrk(`${w} toggle`, `${url}${path}/${id}/complete`, '-s', '/tmp/fast6/toggle.lua')
  wrk(`${w} create`, `${url}${path}`, '-s', '/tmp/fast6/post.lua')
}
if (process.env.PROFILE) {
  console.log('pid', d.theirs.pid)
}
console.log(d.theirs.words())
await d.close()
