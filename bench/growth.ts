// What a request takes as the product grows: beside more and more tasks of others, and with more and more of one's
// own: `npm run bench:growth`, or with `-- --quick` to see that it runs.
import { alternate, type Latency } from './alternate.ts'
import { openPlaces, type Place, type Sizes } from './growth-places.ts'
import { useOwnFolder } from './own-folder.ts'
import { type Bar, type Part, runAlone, timed } from './part.ts'
import { differences, explainApis, type Plans, plansOf } from './plans.ts'
import type { Curve, Plot } from './plot.ts'
import type { Person } from './servers.ts'
import { requestText } from './wire.ts'

interface Plan extends Sizes {
  rounds: number
  /** To each, in a round. */
  requests: number
  /** To each of those with more and more tasks of their own. */
  requestsOfOwners: number
}

const FULL: Plan = {
  totals: [10_000, 1_000_000, 10_000_000],
  people: 50,
  owned: [1, 100, 1_000, 10_000, 100_000],
  rounds: 5,
  requests: 600,
  requestsOfOwners: 150,
}
const QUICK: Plan = {
  totals: [1_000, 20_000],
  people: 5,
  owned: [1, 100, 1_000],
  rounds: 3,
  requests: 60,
  requestsOfOwners: 30,
}
const BARS = { p50: 1.3, p95: 1.5 } as const
/** Above this something is broken, however busy the machine is. */
const ABSURD = 10

/** The search has to look at every task of its account: fewer than a page of them are found. */
const ROUTES = {
  list: { method: 'GET', query: '' },
  search: { method: 'GET', query: '?q=invoice+50' },
  create: { method: 'POST', query: '', body: { title: 'Water the plants' } },
}
type Route = keyof typeof ROUTES
const routes = Object.keys(ROUTES) as Route[]

interface Row extends Latency {
  route: Route
  total: number
  /** Tasks of the one who asks. */
  own: number
}

export const measureGrowth = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const plan = quick ? QUICK : FULL
    await using opened = await openPlaces(plan)
    const { places } = opened
    const among = await measureAmongOthers(places, plan)
    const owners = await measureOwners(places.at(-1)!, plan)
    await explainApis(opened.adminUrl)
    const plans = await readPlans(places, opened.logFile)
    return {
      name: 'growth',
      title: 'Growth: latency beside more tasks of others, and with more of one’s own',
      rows: tableOf(among, owners, plans),
      bars: [...ratioBars(among, quick), ...planBars(places, plans, quick)],
      curves: [curvesAmongOthers(among), curvesOfOwners(owners)],
      errors: [...among, ...owners].reduce((sum, row) => sum + failuresOf(row), 0),
    }
  })

async function measureAmongOthers(places: Place[], plan: Plan): Promise<Row[]> {
  const rows: Row[] = []
  for (const route of routes) {
    console.log(`Asking for ${route} at ${places.map(({ total }) => short(total)).join(', ')} tasks`)
    const targets = places.map(({ servers, people }) => ({
      port: servers.api.port,
      requests: people.map(person => requestOf(route, person)),
    }))
    const measured = await alternate(targets, plan)
    rows.push(...measured.map((latency, n) => ({ route, total: places[n]!.total, own: 200, ...latency })))
  }
  return rows
}

async function measureOwners({ total, servers, owners }: Place, plan: Plan): Promise<Row[]> {
  const rows: Row[] = []
  for (const route of routes) {
    console.log(`Asking for ${route} with ${plan.owned.map(short).join(', ')} tasks of one’s own`)
    const targets = owners.map(owner => ({
      port: servers.api.port,
      requests: [requestOf(route, owner)],
    }))
    const measured = await alternate(targets, { rounds: plan.rounds, requests: plan.requestsOfOwners })
    rows.push(...measured.map((latency, n) => ({ route, total, own: plan.owned[n]!, ...latency })))
  }
  return rows
}

function failuresOf({ route, total, own, failed }: Row): number {
  for (const [status, count] of Object.entries(failed))
    console.log(
      `${count} of ${route} at ${short(total)} tasks, ${short(own)} of one’s own, answered ${status}`,
    )
  return Object.values(failed).reduce((sum, count) => sum + count, 0)
}

function requestOf(route: Route, { id, token }: Person): string {
  const { query, ...rest } = ROUTES[route]
  const headers = { Authorization: `Bearer ${token}` }
  return requestText({ ...rest, path: `/api/${id}/tasks${query}`, headers })
}

/** So often that PostgreSQL has settled for a plan: it decides after the fifth time. */
const SETTLED = 12

async function readPlans(places: Place[], logFile: string): Promise<Record<Route, Plans[]>> {
  const read = async (route: Route, { servers, people }: Place) => {
    const target = { port: servers.api.port, requests: people.map(person => requestOf(route, person)) }
    return await plansOf(logFile, () => alternate([target], { rounds: 1, requests: SETTLED }))
  }
  const plans: Record<Route, Plans[]> = { list: [], search: [], create: [] }
  for (const route of routes) {
    for (const place of places) plans[route].push(await read(route, place))
    for (const [statement, shape] of plans[route].at(-1)!)
      console.log(`Plan of ${route}: ${statement.slice(0, 70)}…\n  ${shape}`)
  }
  return plans
}

function tableOf(among: Row[], owners: Row[], plans: Record<Route, Plans[]>): Part['rows'] {
  const rowOf = (row: Row, base: Row, plan: string) => ({
    request: row.route,
    'tasks of all': short(row.total),
    'of one': short(row.own),
    'p50 ms': row.p50,
    'p95 ms': row.p95,
    'p99 ms': row.p99,
    'p50 ×': row.p50 / base.p50,
    'p95 ×': row.p95 / base.p95,
    plan,
  })
  return routes.flatMap(route => {
    const ofRoute = among.filter(row => row.route === route)
    const ofOwners = owners.filter(row => row.route === route)
    const sameAsFirst = (n: number) => differences(plans[route][0]!, plans[route][n]!).length === 0
    return [
      ...ofRoute.map((row, n) => rowOf(row, ofRoute[0]!, sameAsFirst(n) ? 'same' : 'other')),
      ...ofOwners.map(row => rowOf(row, ofOwners[0]!, '')),
    ]
  })
}

function ratioBars(among: Row[], quick: boolean): Bar[] {
  return routes.flatMap(route => {
    const [base, ...larger] = among.filter(row => row.route === route)
    return larger.flatMap(row =>
      (['p50', 'p95'] as const).map(share => {
        const value = row[share] / base![share]
        const name = `${share} of ${route} at ${short(row.total)} tasks, against ${short(base!.total)}`
        const kept = quick ? (value > ABSURD ? false : null) : value <= BARS[share]
        return { name, value, bar: `≤ ${BARS[share]} ×`, kept }
      }),
    )
  })
}

/** Of a few thousand tasks several plans are equally good: a quick run tells, and does not judge. */
function planBars(places: Place[], plans: Record<Route, Plans[]>, quick: boolean): Bar[] {
  return routes.flatMap(route => {
    const [base, ...larger] = plans[route]
    return larger.map((other, n) => {
      const found = differences(base!, other)
      for (const difference of found) console.log(`Another plan for ${route}: ${difference}`)
      const name = `statements of ${route} with another plan at ${short(places[n + 1]!.total)} tasks`
      return { name, value: found.length, bar: '0', kept: quick ? null : found.length === 0 }
    })
  })
}

function curvesAmongOthers(rows: Row[]): Plot & { file: string } {
  const curve = (route: Route, share: 'p50' | 'p99'): Curve => ({
    name: `${route} ${share}`,
    points: rows.filter(row => row.route === route).map(row => ({ x: row.total, y: row[share] })),
  })
  return {
    file: 'growth-all',
    title: 'Latency of one with 200 tasks, beside those of others',
    x: { label: 'tasks of all people', isLogarithmic: true },
    y: { label: 'milliseconds' },
    curves: routes.flatMap(route => [curve(route, 'p50'), curve(route, 'p99')]),
  }
}

function curvesOfOwners(rows: Row[]): Plot & { file: string } {
  return {
    file: 'growth-one',
    title: `p99 among ${short(rows[0]!.total)} tasks`,
    x: { label: 'tasks of the one who asks', isLogarithmic: true },
    y: { label: 'milliseconds, p99', isLogarithmic: true },
    curves: routes.map(route => ({
      name: route,
      points: rows.filter(row => row.route === route).map(row => ({ x: row.own, y: row.p99 })),
    })),
  }
}

const short = (count: number) =>
  count >= 1e6 ? `${count / 1e6} M` : count >= 1e4 ? `${count / 1e3} k` : String(count)

if (import.meta.main) {
  useOwnFolder()
  await runAlone(measureGrowth)
}
