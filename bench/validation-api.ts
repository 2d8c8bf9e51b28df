// The API's routes, database and feed in a process of a bench, with one token it does not look at:
// `node bench/validation-api.ts <token> <subject>`. The product has no such hole and must not get one, so what
// api/src/main.ts wires is wired here again.
import { Registry } from 'prom-client'
import { createAccessTokenVerifier, createSharedKeys, type Verdict } from '../api/src/access-token.ts'
import { createApi } from '../api/src/app.ts'
import { createDatabase } from '../api/src/database.ts'
import { readApiEnv } from '../api/src/env.ts'
import { createMetrics } from '../api/src/metrics.ts'
import { createPageCursors } from '../api/src/page-cursor.ts'
import { createRevocationReader } from '../api/src/revocations.ts'
import { createServer } from '../api/src/server.ts'
import { createLog } from '../standalone/src/log.ts'

const [believed, subject = ''] = process.argv.slice(2)
const { env, faults } = readApiEnv(process.env)
if (!env) throw new Error(faults.join('\n'))

const log = createLog(env.logLevel)
const monotonic = () => performance.now()
const revocations = createRevocationReader({
  url: env.feedUrl,
  secret: env.feedSecret,
  ttl: env.ttl,
  clocks: { monotonic, wall: () => Date.now() },
  fetch: globalThis.fetch,
  log,
})
const verifier = createAccessTokenVerifier({
  algorithm: env.algorithm,
  keys: await createSharedKeys(env.keys),
  issuer: env.issuerUrl,
  audience: env.audience,
  ttl: env.ttl,
  revocations,
})
const accepted: Verdict = {
  kind: 'accepted',
  claims: { subject, sid: 'any', iat: 0, nbf: 0, exp: Number.MAX_SAFE_INTEGER },
  judgeAgain: () => accepted,
}
const database = createDatabase({ url: env.databaseUrl, log })
const api = createApi({
  env,
  verifyAccessToken: async token => (token === believed ? accepted : await verifier(token)),
  database,
  cursors: createPageCursors(env.feedSecret),
  ready: async () => revocations.ready() && (await database.reachable()),
  log,
  metrics: createMetrics(new Registry(), {
    pool: database.pool,
    leaseAge: revocations.leaseAge,
    revokedSessions: revocations.size,
    verifiedTokens: verifier.remembered,
  }),
  monotonic,
})
revocations.start()
await createServer(api.fetch, { log }).listen({ host: env.host, port: env.port })
process.once('SIGTERM', () => process.exit(0))
