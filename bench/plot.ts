// A plot of some curves as one SVG that needs nothing else, readable on light and dark paper.

export interface Curve {
  name: string
  points: { x: number; y: number }[]
}

export interface Plot {
  title: string
  x: { label: string; isLogarithmic?: boolean }
  y: { label: string; isLogarithmic?: boolean }
  curves: Curve[]
}

const WIDTH = 720
const HEIGHT = 400
const MARGIN = { top: 48, right: 150, bottom: 52, left: 76 }
const COLORS = ['#2f6f4f', '#b5532b', '#3b5b92', '#8a6d1d', '#7a4a86', '#555555']

export function drawPlot({ title, x, y, curves }: Plot): string {
  const all = curves.flatMap(({ points }) => points)
  const xOf = scale(extent(all.map(point => point.x)), [MARGIN.left, WIDTH - MARGIN.right], x.isLogarithmic)
  const top = Math.max(...all.map(point => point.y)) * 1.08 || 1
  const yOf = scale([0, top], [HEIGHT - MARGIN.bottom, MARGIN.top])
  const xTicks = [...new Set(all.map(point => point.x))].sort((a, b) => a - b)
  const yTicks = Array.from({ length: 5 }, (_, n) => (top / 5) * (n + 1))
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="#fbf9f4"/>
<text x="${MARGIN.left}" y="26" font-size="16" fill="#222">${escaped(title)}</text>
${yTicks.map(tick => gridLine(yOf(tick), shortened(tick))).join('\n')}
${xTicks.map(tick => `<text x="${xOf(tick)}" y="${HEIGHT - MARGIN.bottom + 18}" text-anchor="middle" fill="#555">${shortened(tick)}</text>`).join('\n')}
<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${yOf(0)}" y2="${yOf(0)}" stroke="#777"/>
<text x="${(MARGIN.left + WIDTH - MARGIN.right) / 2}" y="${HEIGHT - 12}" text-anchor="middle" fill="#333">${escaped(x.label)}</text>
<text x="18" y="${HEIGHT / 2}" text-anchor="middle" fill="#333" transform="rotate(-90 18 ${HEIGHT / 2})">${escaped(y.label)}</text>
${curves.map((curve, n) => drawCurve(curve, COLORS[n % COLORS.length]!, xOf, yOf)).join('\n')}
</svg>
`
}

function drawCurve({ name, points }: Curve, color: string, xOf: Scale, yOf: Scale): string {
  const places = points.map(({ x, y }) => `${xOf(x).toFixed(1)},${yOf(y).toFixed(1)}`)
  const dots = places.map(place => {
    const [x, y] = place.split(',')
    return `<circle cx="${x}" cy="${y}" r="3.5" fill="${color}"/>`
  })
  const last = points.at(-1)!
  const label = `<text x="${xOf(last.x) + 10}" y="${yOf(last.y) + 4}" fill="${color}">${escaped(name)}</text>`
  return `<polyline points="${places.join(' ')}" fill="none" stroke="${color}" stroke-width="2"/>${dots.join('')}${label}`
}

const gridLine = (at: number, label: string) =>
  `<line x1="${MARGIN.left}" x2="${WIDTH - MARGIN.right}" y1="${at}" y2="${at}" stroke="#e2ddd0"/><text x="${MARGIN.left - 8}" y="${at + 4}" text-anchor="end" fill="#555">${label}</text>`

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
