import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { drawPlot, type Plot } from './plot.ts'

const line = (name: string, ...ys: number[]) => ({ name, points: ys.map((y, n) => ({ x: 10 ** n, y })) })
const plot = (more: Partial<Plot>): Plot => ({
  title: 'Latency',
  x: { label: 'tasks', isLogarithmic: true },
  y: { label: 'milliseconds' },
  curves: [line('list', 1, 2, 3)],
  ...more,
})
const numbers = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map(([, value]) => Number(value))

describe('a plot', () => {
  test('says what it shows, on which axes, in which units', () => {
    const svg = drawPlot(plot({}))
    for (const word of ['Latency', 'tasks', 'milliseconds', 'list'])
      assert.match(svg, new RegExp(`>${word}<`))
  })

  test('has one point for each that was measured, within the paper, higher for more', () => {
    const svg = drawPlot(plot({}))
    const heights = numbers(svg, /<circle [^>]*cy="([\d.]+)"/g)
    assert.equal(heights.length, 3)
    assert.deepEqual(
      heights.toSorted((a, b) => b - a),
      heights,
    )
    assert.ok(heights.every(y => y > 0 && y < 400))
  })

  test('puts even steps between powers of ten', () => {
    const svg = drawPlot(plot({ y: { label: 'ms', isLogarithmic: true }, curves: [line('a', 1, 10, 100)] }))
    const [first = 0, second = 0, third = 0] = numbers(svg, /<circle [^>]*cy="([\d.]+)"/g)
    assert.ok(Math.abs(first - second - (second - third)) < 0.2)
  })

  test('never writes two names over each other, nor below the paper', () => {
    const svg = drawPlot(plot({ curves: ['a', 'b', 'c', 'd', 'e', 'f'].map(name => line(name, 50, 0.01)) }))
    const heights = numbers(svg, /<text x="582" y="([\d.]+)"/g).sort((a, b) => a - b)
    assert.equal(heights.length, 6)
    assert.ok(heights.every((y, n) => n === 0 || y - heights[n - 1]! >= 12))
    assert.ok(heights.at(-1)! < 400)
  })

  test('has colours for dark paper too', () => {
    assert.match(drawPlot(plot({})), /@media \(prefers-color-scheme: dark\)/)
  })

  test('leaves out what could not be measured, and takes names as text', () => {
    const svg = drawPlot(
      plot({ title: 'a < b & c', curves: [line('x', 1, Number.NaN), line('y', Number.NaN)] }),
    )
    assert.equal(numbers(svg, /<circle [^>]*cy="([\d.]+)"/g).length, 1)
    assert.doesNotMatch(svg, /NaN|Infinity|>y</)
    assert.match(svg, />a &lt; b &amp; c</)
  })
})
