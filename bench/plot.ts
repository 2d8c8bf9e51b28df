// A plot of some curves as one SVG that needs nothing else, on light or dark paper as its reader prefers.

export interface Curve {
  name: string
  points: { x: number; y: number }[]
}

export interface Plot {
  title: string
  x: Axis
  /** From nothing, unless it is logarithmic. */
  y: Axis
  curves: Curve[]
}

interface Axis {
  /** With its unit. */
  label: string
  isLogarithmic?: boolean
}

const WIDTH = 720
const HEIGHT = 400
const MARGIN = { top: 52, right: 150, bottom: 56, left: 76 }
const [LEFT, RIGHT, TOP, BOTTOM] = [MARGIN.left, WIDTH - MARGIN.right, MARGIN.top, HEIGHT - MARGIN.bottom]
const LABEL_HEIGHT = 16
const LABEL_WIDTH = 44

const STYLE = `
  .paper { fill: #fbf9f4 } text { fill: #444 } .title { fill: #1c1c1c; font-size: 16px } .grid { stroke: #e2ddd0 } .axis { stroke: #777 }
  ${colors(['#2f6f4f', '#b5532b', '#3b5b92', '#8a6d1d', '#7a4a86', '#3f7b83'])}
  @media (prefers-color-scheme: dark) {
    .paper { fill: #1b1a17 } text { fill: #c9c4b8 } .title { fill: #f2eee4 } .grid { stroke: #38352e } .axis { stroke: #8d887b }
    ${colors(['#7cc7a0', '#f09a74', '#92b4f0', '#dcc067', '#cd9bdb', '#7fcbd4'])}
  }`

function colors(all: string[]): string {
  return all.map((color, n) => `.c${n} { --c: ${color}; fill: ${color}; stroke: ${color} }`).join(' ')
}

export function drawPlot({ title, x, y, curves }: Plot): string {
  const drawn = curves
    .map(({ name, points }) => ({ name, points: points.filter(point => Number.isFinite(point.y)) }))
    .filter(({ points }) => points.length > 0)
  const all = drawn.flatMap(({ points }) => points)
  const xOf = scale(extent(all.map(point => point.x)), [LEFT, RIGHT], x.isLogarithmic)
  const yTicks = ticks(
    all.map(point => point.y),
    y.isLogarithmic,
  )
  const yOf = scale([yTicks[0]!, yTicks.at(-1)!], [BOTTOM, TOP], y.isLogarithmic)
  const places = drawn.map(({ points }) => points.map(point => ({ x: xOf(point.x), y: yOf(point.y) })))
  const labels = apart(places.map(line => line.at(-1)!.y))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title>
<style>${STYLE}
</style>
<rect class="paper" width="100%" height="100%"/>
<text class="title" x="${LEFT}" y="28">${escaped(title)}</text>
${yTicks.map(tick => gridLine(yOf(tick), shortened(tick))).join('\n')}
${xTicks(all, xOf).join('\n')}
<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${BOTTOM}" y2="${BOTTOM}"/>
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 14}" text-anchor="middle">${escaped(x.label)}</text>
<text x="18" y="${(TOP + BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 18 ${(TOP + BOTTOM) / 2})">${escaped(y.label)}</text>
${drawn.map(({ name }, n) => drawCurve(name, places[n]!, labels[n]!, n)).join('\n')}
</svg>
`
}

type Point = { x: number; y: number }

function drawCurve(name: string, places: Point[], labelY: number, n: number): string {
  const line = places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`)
  const dots = places.map(({ x, y }) => `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/>`)
  return `<g class="c${n % 6}"><polyline points="${line.join(' ')}" style="fill: none" stroke-width="2"/>${dots.join('')}<text x="${RIGHT + 12}" y="${(labelY + 4).toFixed(1)}" style="fill: var(--c); stroke: none">${escaped(name)}</text></g>`
}

const gridLine = (at: number, label: string) =>
  `<line class="grid" x1="${LEFT}" x2="${RIGHT}" y1="${at.toFixed(1)}" y2="${at.toFixed(1)}"/><text x="${LEFT - 8}" y="${(at + 4).toFixed(1)}" text-anchor="end">${label}</text>`

/** Where something was measured, as far as there is room to say so. */
function xTicks(points: Point[], xOf: Scale): string[] {
  const shown: string[] = []
  let free = Number.NEGATIVE_INFINITY
  for (const x of [...new Set(points.map(point => point.x))].sort((a, b) => a - b)) {
    const at = xOf(x)
    if (at < free) continue
    free = at + LABEL_WIDTH
    shown.push(`<text x="${at.toFixed(1)}" y="${BOTTOM + 18}" text-anchor="middle">${shortened(x)}</text>`)
  }
  return shown
}

/** Round numbers around all values: from nothing, or each power of ten. */
function ticks(values: number[], isLogarithmic = false): number[] {
  const [least, most] = extent(values)
  if (isLogarithmic) {
    const from = Math.floor(Math.log10(least))
    const to = Math.max(from + 1, Math.ceil(Math.log10(most)))
    return Array.from({ length: to - from + 1 }, (_, n) => 10 ** (from + n))
  }
  const rough = (most || 1) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map(factor => factor * power).find(size => size >= rough)!
  return Array.from({ length: Math.ceil((most || 1) / step) + 1 }, (_, n) => n * step)
}

/** Moves what would be written over each other downwards, and all of it up again if there is no room. */
function apart(wanted: number[]): number[] {
  const order = wanted.map((_, n) => n).sort((a, b) => wanted[a]! - wanted[b]!)
  const placed = [...wanted]
  for (const [n, at] of order.entries())
    if (n > 0) placed[at] = Math.max(placed[at]!, placed[order[n - 1]!]! + LABEL_HEIGHT)
  const excess = Math.max(0, Math.max(...placed) - BOTTOM)
  return placed.map(y => y - excess)
}

type Scale = (value: number) => number

function scale([from, to]: [number, number], [start, end]: [number, number], isLogarithmic = false): Scale {
  const place = isLogarithmic ? Math.log10 : (value: number) => value
  const width = place(to) - place(from) || 1
  return value => start + ((place(value) - place(from)) / width) * (end - start)
}

const extent = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)]

function shortened(value: number): string {
  if (value >= 1e6) return `${round(value / 1e6)} M`
  return value >= 1e4 ? `${round(value / 1e3)} k` : String(round(value))
}

const round = (value: number) => Number(value.toPrecision(3))
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
