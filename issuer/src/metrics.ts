import { setTimeout as delay } from 'node:timers/promises'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

/** What is read when somebody looks, and costs nothing until then. */
export interface Figures {
  pool(): { used: number; waiting: number }
  passwords(): { running: number; waiting: number; refused: number }
  /** Rows of API instances that hold a lease. */
  leases(): Promise<number>
}

const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
/** Whoever looks at the figures of a server in trouble must not wait for its database. */
const LOOK_MS = 500

/** The issuer's figures for Prometheus. A label is an endpoint or one of a short list, never an id. */
export function createMetrics(registry: Registry, figures: Figures) {
  const registers = [registry]
  const requests = new Histogram({
    name: 'latchkey_issuer_request_duration_seconds',
    help: 'Requests answered, by endpoint and status class; polls of the feed are held for up to half a second.',
    labelNames: ['route', 'status'],
    buckets: BUCKETS,
    registers,
  })
  const barrier = new Histogram({
    name: 'latchkey_issuer_barrier_wait_seconds',
    help: 'How long an answer waited until every API instance knew which sessions had ended.',
    buckets: BUCKETS,
    registers,
  })
  const shed = new Counter({
    name: 'latchkey_issuer_shed_requests_total',
    help: 'Requests answered 503 because too much was waiting.',
    labelNames: ['reason'],
    registers,
    collect() {
      this.remove('passwords')
      this.inc({ reason: 'passwords' }, figures.passwords().refused)
    },
  })
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name: `latchkey_issuer_${name}`,
      help,
      registers,
      async collect() {
        const value = await read()
        if (Number.isNaN(value)) this.reset()
        else this.set(value)
      },
    })
  gauge('database_connections_used', 'Database connections lent out.', () => figures.pool().used)
  gauge('database_requests_waiting', 'Requests that wait for a connection.', () => figures.pool().waiting)
  gauge('passwords_running', 'Passwords being hashed.', () => figures.passwords().running)
  gauge('passwords_waiting', 'Passwords that wait to be hashed.', () => figures.passwords().waiting)
  gauge('leases', 'API instances that hold a lease.', () =>
    Promise.race([figures.leases().catch(() => Number.NaN), delay(LOOK_MS, Number.NaN, { ref: false })]),
  )

  return {
    answered: (route: string, status: number, milliseconds: number) =>
      requests.observe({ route, status: `${Math.floor(status / 100)}xx` }, milliseconds / 1000),
    waited: (milliseconds: number) => barrier.observe(milliseconds / 1000),
    shed: (reason: string) => shed.inc({ reason }),
  }
}
export type Metrics = ReturnType<typeof createMetrics>
