// `node proof/hook.ts SOCKET NAME`, a command of our profiles: what is asked comes in, what is answered goes out.
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'

const [path = '', name] = process.argv.slice(2)
const asks = JSON.parse((await text(process.stdin)) || '{}')
const socket = connect({ path, allowHalfOpen: true })
socket.end(JSON.stringify({ name, asks }))
const answer = await text(socket)
const { fault } = JSON.parse(answer)
if (fault) {
  console.error(fault)
  process.exitCode = 1
} else console.log(answer)
