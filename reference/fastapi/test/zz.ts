import { execFileSync } from 'node:child_process'
import { deploy } from './deployment.ts'
import { call, signUp } from '../../../test/in-process.ts'
import { writeFileSync, readFileSync } from 'node:fs'
const d = await deploy().catch(e => { console.error(e.message); process.exit(1) })
const person = await signUp({ url: d.issuerUrl } as never)
const path = `/api/${person.id}/tasks`
let id = ''
for (let i = 0; i < 20; i++) id = (await call(d.theirs, 'POST', path, { token: person.token, body: { title: `Task number ${i}` } })).body.id
writeFileSync('/tmp/fast6/post.lua', `wrk.method="POST"\nwrk.body='{"title":"A task to create"}'\nwrk.headers["Content-Type"]="application/json"\n`)
writeFileSync('/tmp/fast6/toggle.lua', `wrk.method="PATCH"\n`)
const wrk = (w: 'ours'|'theirs', what: string, url: string, ...more: string[]) => {
  const cpu = () => { const f = readFileSync(`/proc/${d[w].pid}/stat`, 'utf8').split(') ')[1]!.split(' '); return (Number(f[11]) + Number(f[12])) * 10 }
  const before = cpu()
  const out = execFileSync('wrk', ['-t1', '-c32', `-d${process.env.D ?? 4}s`, '--latency', '-H', `Authorization: Bearer ${person.token}`, ...more, url]).toString()
  const n = Number(/(\d+) requests in/.exec(out)![1])
  console.log(w, what, /Requests\/sec: +([\d.]+)/.exec(out)![1], '/s', ((cpu() - before) * 1000 / n).toFixed(0), 'µs CPU each, 99%', /99%\s+(\S+)/.exec(out)![1], /Non-2xx.*/.exec(out)?.[0] ?? '')
}
for (const w of (process.env.WHICH ?? 'theirs,ours').split(',') as ('ours' | 'theirs')[]) {
  const url = d[w].url
  wrk(w, 'list', `${url}${path}?limit=20`)
  wrk(w, 'read', `${url}${path}/${id}`)
  wrk(w, 'toggle', `${url}${path}/${id}/complete`, '-s', '/tmp/fast6/toggle.lua')
  wrk(w, 'create', `${url}${path}`, '-s', '/tmp/fast6/post.lua')
}
await d.close()
process.exit(0)
