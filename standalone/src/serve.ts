import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'

// `npm run issuer` and `npm run api`: one server of several, from the environment alone.
// Better Auth reads NODE_ENV when it is loaded, so the rest is loaded after this line.
process.env.NODE_ENV ||= 'production'
process.umask(0o077)
// Imported in half the time; where the folder cannot be written, everything is compiled again.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/latchkey'))
const { runServer } = await import('./server-process.ts')
flushCompileCache()
process.exit(await runServer(process.argv[2], process.env))
