// Our API beside its peers, the same requests over the same rows: `npm run bench:peers` (9 minutes), or with
// `-- --quick` (a minute) to see that it runs.
import { parseArgs } from 'node:util'
import { drawPlot } from './plot.ts'
import { type Verdict, writePlot, writeResults } from './results.ts'
import { runBench } from './run.ts'
import { compareSideBySide, type Plan, type RouteName, type Row } from './side-by-side.ts'

const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const full: Plan = {
  connections: [1, 32, 256],
  routes: ['list', 'read', 'create', 'toggle'],
  rounds: 5,
  seconds: 2,
}
const quick: Plan = { connections: [32], routes: ['list', 'create'], rounds: 2, seconds: 1 }

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

await runBench({}, async servers => {
  const began = performance.now()
  const rows = await compareSideBySide(servers, options.quick ? quick : full)
  const verdicts = judge(rows)
  for (const { bar, measured, isHeld } of verdicts)
    console.log(`${isHeld === null ? '    ' : isHeld ? 'held' : 'MISS'} ${bar}: × ${measured.toFixed(2)}`)
  const seconds = (performance.now() - began) / 1000
  const file = writeResults([{ name: 'side by side', seconds, figures: rows, verdicts }], options.quick)
  if (!options.quick) for (const route of full.routes) writePlot(`peers-${route}`, plotOf(route, rows))
  console.log(`Written to ${file}`)
  return verdicts.every(({ measured, isHeld }) => isHeld !== false && measured > ABSURD)
})

function judge(rows: Row[]): Verdict[] {
  const speed = (route: RouteName, contender: string) =>
    rows.find(row => row.route === route && row.contender === contender && row.connections === 32)?.perSecond
  return BARS.flatMap(({ route, peer, ratio }) => {
    const [ours, theirs] = [speed(route, 'ours'), speed(route, peer)]
    if (ours === undefined || theirs === undefined) return []
    const measured = ours / theirs
    return [
      { bar: `${route} ≥ ${ratio} × ${peer}`, measured, isHeld: options.quick ? null : measured >= ratio },
    ]
  })
}

function plotOf(route: RouteName, rows: Row[]): string {
  const ofRoute = rows.filter(row => row.route === route)
  const names = [...new Set(ofRoute.map(({ contender }) => contender))]
  return drawPlot({
    title: `${route}: requests a second`,
    x: { label: 'connections', isLogarithmic: true },
    y: { label: 'requests/s' },
    curves: names.map(name => ({
      name,
      points: ofRoute
        .filter(({ contender }) => contender === name)
        .map(({ connections, perSecond }) => ({ x: connections, y: perSecond })),
    })),
  })
}
