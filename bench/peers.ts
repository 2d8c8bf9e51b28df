// Our API beside the reference in Python and its peers, the same requests over the same rows: `npm run bench:peers`
// (6 minutes), or with `-- --quick` (a minute) to see that it runs.
import { type Bar, type Part, runAlone, timed } from './part.ts'
import type { Plot } from './plot.ts'
import { startServers } from './servers.ts'
import { compareSideBySide, type Plan, type RouteName, type Row } from './side-by-side.ts'

const FULL: Plan = {
  connections: [1, 32, 256],
  routes: ['list', 'read', 'create', 'toggle'],
  rounds: 5,
  seconds: 1,
}
const QUICK: Plan = { connections: [32], routes: ['list', 'create'], rounds: 2, seconds: 1 }

/** How many times as fast ours is promised to be, at 32 connections. */
const BARS = [
  { route: 'list', peer: 'fastapi', ratio: 12 },
  { route: 'read', peer: 'fastapi', ratio: 12 },
  { route: 'create', peer: 'fastapi', ratio: 6 },
  { route: 'list', peer: 'hono', ratio: 0.9 },
  { route: 'read', peer: 'hono', ratio: 0.9 },
] as const
/** Below this something is broken, however busy the machine is. */
const ABSURD = 0.02

export const measurePeers = ({ quick }: { quick: boolean }): Promise<Part> =>
  timed(async () => {
    const plan = quick ? QUICK : FULL
    await using servers = await startServers()
    const rows = await compareSideBySide(servers, plan)
    return {
      name: 'side-by-side',
      title: 'Side by side: requests a second, the same requests over the same rows, in turn',
      rows: rows.map(row => tableRow(row, rows)),
      bars: judge(rows, quick),
      curves: plan.routes.map(route => plotOf(route, rows)),
      errors: 0,
    }
  })

function tableRow(row: Row, rows: Row[]) {
  const isOurs = ({ route, connections, contender }: Row) =>
    route === row.route && connections === row.connections && contender === 'ours'
  return {
    route: row.route,
    connections: row.connections,
    server: row.contender,
    'requests/s': Math.round(row.perSecond),
    spread: `${row.rounds[0]!.toFixed(0)}–${row.rounds.at(-1)!.toFixed(0)}`,
    'p50 ms': row.p50,
    // pgbench tells no more than an average.
    'p99 ms': Number.isNaN(row.p99) ? '' : row.p99,
    'ours ×': rows.find(isOurs)!.perSecond / row.perSecond,
  }
}

function judge(rows: Row[], quick: boolean): Bar[] {
  const speed = (route: RouteName, contender: string) =>
    rows.find(row => row.route === route && row.contender === contender && row.connections === 32)?.perSecond
  return BARS.flatMap(({ route, peer, ratio }) => {
    const [ours, theirs] = [speed(route, 'ours'), speed(route, peer)]
    if (ours === undefined || theirs === undefined) return []
    const value = ours / theirs
    const kept = quick ? (value < ABSURD ? false : null) : value >= ratio
    return [{ name: `${route}, against ${peer}`, value, bar: `≥ ${ratio} ×`, kept }]
  })
}

function plotOf(route: RouteName, rows: Row[]): Plot & { file: string } {
  const ofRoute = rows.filter(row => row.route === route)
  const names = [...new Set(ofRoute.map(({ contender }) => contender))]
  return {
    file: `side-by-side-${route}`,
    title: `${route}: requests a second`,
    x: { label: 'connections', isLogarithmic: true },
    y: { label: 'requests/s' },
    curves: names.map(name => ({
      name,
      points: ofRoute
        .filter(({ contender }) => contender === name)
        .map(({ connections, perSecond }) => ({ x: connections, y: perSecond })),
    })),
  }
}

if (import.meta.main) await runAlone(measurePeers)
