// A thread that derives keys from passwords, one at a time, and steps aside for everybody else on the machine.
import { argon2Sync } from 'node:crypto'
import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'

// On Linux niceness belongs to the thread; elsewhere this would slow the whole server down.
if (process.platform === 'linux') setPriority(0, 19)

parentPort!.on('message', parameters => {
  parentPort!.postMessage(argon2Sync('argon2id', parameters))
})
