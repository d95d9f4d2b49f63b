/** Colours as they are seen in grey print, by colour-blind readers, on white paper and on a dark page. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ink, strategyLooks } from '../../lib/figures/theme'
import { strategyNames } from '../../lib/strategies'

/** Linear red, green and blue from 0 to 1. */
type Rgb = readonly number[]

const linear = (colour: string): Rgb =>
  [1, 3, 5].map((i) => {
    const value = Number.parseInt(colour.slice(i, i + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
const through = (matrix: readonly Rgb[], rgb: Rgb): Rgb =>
  matrix.map((row) => row.reduce((sum, m, i) => sum + m * rgb[i], 0))

/** Machado, Oliveira and Fernandes (2009), severity 1, of linear RGB. */
const eyes = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998]
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881]
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039]
  ],
  grey: Array.from({ length: 3 }, () => [0.2126, 0.7152, 0.0722])
}

/** CIELAB of linear RGB, white at D65. */
function lab(rgb: Rgb): [number, number, number] {
  const [x, y, z] = through(
    [
      [0.4124 / 0.9505, 0.3576 / 0.9505, 0.1805 / 0.9505],
      [0.2126, 0.7152, 0.0722],
      [0.0193 / 1.089, 0.1192 / 1.089, 0.9505 / 1.089]
    ],
    rgb.map((value) => Math.min(1, Math.max(0, value)))
  ).map((t) => (t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116))
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

/** Returns the distance of two colours in CIELAB, where 2.3 is just noticed. */
const distance = (eye: keyof typeof eyes, a: string, b: string): number => {
  const [one, other] = [a, b].map((colour) => lab(through(eyes[eye], linear(colour))))
  return Math.hypot(...one.map((value, i) => value - other[i]))
}
const luminance = (colour: string): number => through(eyes.grey, linear(colour))[0]
/** Returns the contrast of two colours by WCAG, from 1 to 21. */
const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other)
  return (light + 0.05) / (dark + 0.05)
}

const pairs = strategyNames.flatMap((a, i) => strategyNames.slice(i + 1).map((b) => [a, b] as const))
const looks = strategyLooks

describe('the strategies’ looks', () => {
  test('the distance of colours is that of the literature: black and white are 100 apart, sRGB red is at 53, 80, 67', () => {
    expect(distance('grey', '#000000', '#ffffff')).toBeCloseTo(100, 1)
    expect(lab(linear('#ff0000')).map(Math.round)).toEqual([53, 80, 67])
    // a deuteranope takes this red and this green for one
    expect(distance('deuteranopia', '#d55e00', '#878700')).toBeLessThan(
      distance('tritanopia', '#d55e00', '#878700') / 3
    )
  })

  test.each([
    ['grey', 9],
    ['protanopia', 20],
    ['deuteranopia', 20],
    ['tritanopia', 20]
  ] as const)(
    'two strategies that share a panel are told apart in %s, by colour, or else by dash and by symbol',
    (eye, least) => {
      for (const [a, b] of pairs) {
        const apart = distance(eye, looks[a].color, looks[b].color)
        const marked = looks[a].dash !== looks[b].dash && looks[a].symbol !== looks[b].symbol
        expect({ a, b, apart, clear: apart >= least || marked }).toEqual({ a, b, apart, clear: true })
      }
    }
  )

  test('the families’ lightness falls by equal steps, to RadGrad’s as the strongest on paper', () => {
    const [baselines, safety, loss] = (['dagger', 'safedagger', 'loss-gradient'] as const).map(
      (name) => lab(linear(looks[name].color))[0]
    )
    expect(baselines - safety).toBeGreaterThan(9)
    expect(safety - loss).toBeGreaterThan(9)
  })

  test('lines and text are legible on white paper and on a dark page', () => {
    for (const page of ['#ffffff', '#111111']) {
      expect(contrast(ink, page)).toBeGreaterThan(page === '#ffffff' ? 4.5 : 3.5)
      for (const name of strategyNames)
        expect([page, name, contrast(looks[name].color, page) > 2.8]).toEqual([page, name, true])
    }
  })

  test('a family’s colour is written once, in the theme, so that no notebook gives it to anything but a strategy', () => {
    const notebooks = new URL('../../notebooks/text/', import.meta.url)
    const files = readdirSync(notebooks).filter((name) => name.endsWith('.ts'))
    expect(files.length).toBeGreaterThan(7)
    for (const name of files) {
      const text = readFileSync(new URL(name, notebooks), 'utf8')
      const taken = strategyNames.map((strategy) => looks[strategy].color).filter((colour) => text.includes(colour))
      expect([name, ...taken]).toEqual([name])
    }
  })
})
