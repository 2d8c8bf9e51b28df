import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What is read when somebody looks, and costs nothing until then. */
export interface Figures {
  pool(): { used: number; waiting: number }
  /** Milliseconds since the poll was sent that the lease counts from, or null before the first. */
  leaseAge(): number | null
  revokedSessions(): number
  verifiedTokens(): number
}

const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** The API's figures for Prometheus. A label is a route's template or one of a short list, never an id. */
export function createMetrics(registry: Registry, figures: Figures) {
  const registers = [registry]
  const requests = new Histogram({
    name: 'latchkey_api_request_duration_seconds',
    help: 'Requests answered, by route template and status class.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  const shed = new Counter({
    name: 'latchkey_api_shed_requests_total',
    help: 'Requests answered 503 because too much was waiting.',
    labelNames: ['reason'],
    registers,
  })
  const gauge = (name: string, help: string, read: () => number | null) =>
    new Gauge({
      name: `latchkey_api_${name}`,
      help,
      registers,
      collect() {
        const value = read()
        if (value === null) this.reset()
        else this.set(value)
      },
    })
  gauge('database_connections_used', 'Database connections lent out.', () => figures.pool().used)
  gauge('database_requests_waiting', 'Requests that wait for a connection.', () => figures.pool().waiting)
  gauge('lease_age_seconds', 'Age of the revocation lease.', () => {
    const age = figures.leaseAge()
    return age === null ? null : age / 1000
  })
  gauge('revoked_sessions', 'Ended sessions that are remembered.', figures.revokedSessions)
  gauge('verified_tokens', 'Tokens in the cache of verified ones.', figures.verifiedTokens)

  return {
    answered: (method: string, route: string, status: number, milliseconds: number) =>
      requests.observe(
        {
          method: METHODS.has(method) ? method : 'other',
          route,
          status: `${Math.floor(status / 100)}xx`,
        },
        milliseconds / 1000,
      ),
    shed: (reason: string) => shed.inc({ reason }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
