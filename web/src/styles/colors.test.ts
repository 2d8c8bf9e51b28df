import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

type Theme = 0 | 1
const css = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Pairs of `light-dark(oklch(…), oklch(…))`, by what they are the value of. */
function readColors(source: string, before: RegExp): Map<string, [string, string]> {
  const pattern = new RegExp(
    `${before.source}:\\s*light-dark\\((oklch\\([^)]*\\)),\\s*(oklch\\([^)]*\\))\\)`,
    'g',
  )
  return new Map([...source.matchAll(pattern)].map(([, name, light, dark]) => [name!, [light!, dark!]]))
}

/** CSS Color 4 §10: OKLCH to the luminance of WCAG 2.2, out of linear sRGB. */
function luminanceOf(color: string): number {
  const [lightness = 0, chroma = 0, hue = 0] = [...color.matchAll(/[\d.]+/g)].map(([number]) =>
    Number(number),
  )
  const [a, b] = [Math.cos((hue * Math.PI) / 180) * chroma, Math.sin((hue * Math.PI) / 180) * chroma]
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  const within = (value: number) => Math.min(Math.max(value, 0), 1)
  const red = within(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s)
  const green = within(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s)
  const blue = within(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminanceOf(one), luminanceOf(other)].toSorted((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

test('every colour of a list stands out from every ground, in both themes', () => {
  const lists = readColors(css('colors.css'), /\[data-color="(\w+)"\] \{\s*--list-color/)
  const tokens = readColors(css('tokens.css'), /--([\w-]+)/)
  assert.equal(lists.size, 10)
  for (const [name, pair] of lists) {
    for (const ground of ['canvas', 'surface', 'sunken', 'hover', 'accent-soft']) {
      for (const theme of [0, 1] satisfies Theme[]) {
        const found = contrast(pair[theme], tokens.get(ground)![theme])
        assert.ok(found >= 3, `${name} on ${ground}, ${theme ? 'dark' : 'light'}: ${found.toFixed(2)}`)
      }
    }
  }
})
