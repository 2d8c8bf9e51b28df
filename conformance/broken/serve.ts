// `node broken/serve.ts PROFILE [FAULT …]`: the good server with these faults, until it is stopped, and its profile
// in this file, to try the command on.
import { writeFileSync } from 'node:fs'
import { stringify } from 'yaml'
import { startGoodServer } from './good-server.ts'
import { documentOf } from './profile.ts'

const [file, ...faults] = process.argv.slice(2)
if (file === undefined) throw new Error('node broken/serve.ts PROFILE [FAULT …]')
const server = await startGoodServer(faults)
writeFileSync(file, stringify(documentOf(server)))
console.log(server.url)
