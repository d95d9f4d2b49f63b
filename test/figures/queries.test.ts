import { describe, expect, test } from 'vitest'
import { bootstrap } from '../../lib/analysis/bootstrap'
import { besidePoints, boxAround } from '../../lib/figures/marks'
import { lossAgainstQueries } from '../../lib/figures/queries'
import type { PaperEnds } from '../../lib/figures/scales'
import { contextGrey, type Figure, shortTitle, strategyLooks } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { generator } from '../../lib/util/random'
import { byStrategy, scattered, seedResults } from '../analysis/seed-results'
import { expectSnapshot, fourDigits } from './snapshot'

const paper: PaperEnds = byStrategy((name) => ({
  queries: 100 + strategyNames.indexOf(name),
  loss: 1 + strategyNames.indexOf(name),
  lossSd: 0.5
}))
const seeds = [3, 8, 11].map((seed) => scattered(seed, 4))
const drawn = lossAgainstQueries('reacher', seeds, 'three seeds', paper)

interface ErrorBar {
  array: number[]
  arrayminus: number[]
}
interface Drawn {
  mode: 'lines' | 'markers'
  x: (number | null)[]
  y: (number | null)[]
  error_x: ErrorBar
  error_y: ErrorBar
  line: { color: string }
  marker: { color: string; symbol?: string }
  hovertemplate?: string
}
const [paths, ...marks] = drawn.data as unknown as Drawn[]
/** Returns the marks of a strategy: those of its seeds, the line to the paper's ring, the ring, and the marker of its mean. */
const marksOf = (strategy: StrategyName): Drawn[] => {
  const k = strategyNames.indexOf(strategy)
  return marks.slice(4 * k, 4 * k + 4)
}
const recorded = (strategy: StrategyName, what: 'loss' | 'queries', i: number): number[] =>
  seeds.map(({ outcomes }) => outcomes[strategy].iterations[i][what])
const third = ([[a, b, c]]: readonly (readonly number[])[]) => (a + b + c) / 3

describe('loss against queries', () => {
  test('grey lines lead from iteration to iteration by means over seeds', () => {
    expect(paths.line.color).toBe(contextGrey)
    for (const [values, what] of [
      [paths.x, 'queries'],
      [paths.y, 'loss']
    ] as const)
      expect(values).toEqual(
        strategyNames.flatMap((strategy) => [
          ...[0, 1, 2, 3].map((i) => fourDigits(third([recorded(strategy, what, i)]))),
          null
        ])
      )
  })

  test.each(strategyNames)(
    'the marker of %s stands at the last iteration, with intervals of queries and loss, among its seeds',
    (strategy) => {
      const [own, , , { x, y, error_x, error_y, marker, hovertemplate }] = marksOf(strategy)
      for (const [what, [value], bar, each] of [
        ['queries', x, error_x, own.x],
        ['loss', y, error_y, own.y]
      ] as const) {
        const { low, high } = bootstrap([recorded(strategy, what, 3)], third, generator(0, 'table 2', strategy, what))
        expect(value).toBeCloseTo(third([recorded(strategy, what, 3)]), 10)
        expect(Number(value) + bar.array[0]).toBeCloseTo(high, 10)
        expect(Number(value) - bar.arrayminus[0]).toBeCloseTo(low, 10)
        for (const length of [...bar.array, ...bar.arrayminus]) expect(length).toBeGreaterThanOrEqual(0)
        expect(each).toEqual(recorded(strategy, what, 3))
      }
      // An interval is a point where all seeds query as often.
      const always = strategy === 'supervised' || strategy === 'dagger'
      expect(error_x.array[0] > 0).toBe(!always)
      expect(error_y.array[0]).toBeGreaterThan(0)
      const { color, symbol } = strategyLooks[strategy]
      expect(marker).toMatchObject({ color, symbol })
      expect(hovertemplate).toContain(`<b>${titleOf(strategy)}</b>`)
    }
  )

  test('a ring stands where the paper’s run ends, tied to ours', () => {
    for (const strategy of strategyNames) {
      const [, tie, ring, ours] = marksOf(strategy)
      expect([ring.x, ring.y, ring.marker.symbol]).toEqual([
        [paper[strategy].queries],
        [paper[strategy].loss],
        'circle-open'
      ])
      expect([tie.x, tie.y]).toEqual([
        [...[...ours.x, ...ring.x].map((x) => fourDigits(Number(x))), null],
        [...[...ours.y, ...ring.y].map((y) => fourDigits(Number(y))), null]
      ])
    }
    const without = lossAgainstQueries('reacher', seeds, 'three seeds').data
    expect(without).toHaveLength(1 + 2 * strategyNames.length)
  })

  test('each point has its strategy’s name beside it, at either width, and there is no legend', () => {
    const { annotations, showlegend, meta } = drawn.layout as {
      annotations: { text: string; x: number; y: number }[]
      showlegend: boolean
      meta: { narrow: { annotations: { text: string }[] } }
    }
    const names = [...strategyNames.map(shortTitle), '↙ better']
    expect(annotations.map(({ text }) => text)).toEqual(names)
    expect(meta.narrow.annotations.map(({ text }) => text)).toEqual(names)
    expect(showlegend).toBe(false)
    const [, , , { x, y }] = marksOf('supervised')
    expect(annotations[0].x).toBeCloseTo(Math.log10(Number(x[0])), 12)
    expect(annotations[0].y).toBeCloseTo(Math.log10(Number(y[0])), 12)
  })

  test('names beside points cover neither one another nor what they are to leave free', () => {
    const points = [0, 1, 2].map((i) => ({ at: [100 + i, 100], text: 'a name' }))
    const sides = besidePoints(points, [boxAround([97, 102], [153, 98])], 200)
    const boxes = sides.map(({ ax, ay, xanchor }, i) => {
      const left = points[i].at[0] + ax - (xanchor === 'right' ? 42 : 0)
      return { left, right: left + 42, low: 100 - ay - 7, high: 100 - ay + 7 }
    })
    const all = [...boxes, { left: 90, right: 160, low: 95, high: 105 }]
    all.forEach((a, i) => {
      for (const b of all.slice(i + 1))
        expect(a.left < b.right && b.left < a.right && a.low < b.high && b.low < a.high).toBe(false)
    })
  })

  test('the axis of queries is the task’s, but where a run or the paper’s made fewer', () => {
    const range = (figure: Figure) => (figure.layout.xaxis as { range: number[] }).range
    const many = [seedResults(1, 2, () => ({ queries: 3000, loss: 1 }))]
    expect(range(lossAgainstQueries('reacher', many, 'one seed'))[0]).toBeCloseTo(Math.log10(400), 12)
    expect(range(lossAgainstQueries('reacher', many, 'one seed', paper))[0]).toBeCloseTo(Math.log10(60), 12)
  })

  test('loss against queries of made-up results equals its snapshot', async () => {
    const two = [1, 2].map((seed) => scattered(seed, 2))
    await expectSnapshot(lossAgainstQueries('reacher', two, 'two seeds', paper), 'queries')
  })
})
