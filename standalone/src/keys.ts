// `npm run keys -- list | rotate | retire`, for access-token keys and, with `--auth`, Better Auth's secret.
import { parseArgs } from 'node:util'
import { runCommand } from './command.ts'
import { openKeyPairRotation } from './key-pair-rotation.ts'
import { rotatedFile } from './key-place.ts'
import { createKeyRotation, type KeyRotation } from './key-rotation.ts'
import { StartError } from './start-error.ts'

const USAGE = `npm run keys -- list                   what signs, and what else verifies
npm run keys -- rotate [--pid 12,34]   makes a new key: announced, then signing
npm run keys -- retire [--now]         removes what no longer signs
npm run keys -- announce               the steps of rotate one by one,
npm run keys -- sign ID                for processes on several machines
--auth: Better Auth's secret instead of the access-token keys`

await runCommand(async tools => {
  const { values, positionals } = readArguments()
  const [action = '', id] = positionals
  const variable = values.auth ? 'AUTH_SECRET' : 'ACCESS_TOKEN_KEYS'
  const isPairs = variable === 'ACCESS_TOKEN_KEYS' && process.env.ACCESS_TOKEN_ALG === 'EdDSA'
  const keys: KeyRotation = isPairs
    ? await openKeyPairRotation(tools, values.pid)
    : createKeyRotation(await rotatedFile(variable, tools.env, values.pid), tools)
  const actions: Record<string, (() => Promise<void>) | undefined> = {
    list: keys.list,
    rotate: keys.rotate,
    retire: () => keys.retire({ now: values.now }),
    announce: keys.announce,
    sign: keys.sign && (() => keys.sign!(id ?? '')),
  }
  const run = Object.hasOwn(actions, action) ? actions[action] : undefined
  if (!run) throw new StartError(USAGE)
  await run()
})

function readArguments() {
  try {
    return parseArgs({
      options: {
        auth: { type: 'boolean', default: false },
        now: { type: 'boolean', default: false },
        pid: { type: 'string' },
      },
      allowPositionals: true,
    })
  } catch (cause) {
    throw new StartError(USAGE, { cause })
  }
}
