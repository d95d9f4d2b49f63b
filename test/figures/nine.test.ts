import { describe, expect, test } from 'vitest'
import { headline } from '../../lib/figures/headlines'
import { nineFigure } from '../../lib/figures/nine'
import type { PaperEnds } from '../../lib/figures/scales'
import { contextGrey, strategyLooks } from '../../lib/figures/theme'
import { type StrategyName, strategyNames, titleOf } from '../../lib/strategies'
import { byStrategy, scattered, withLosses } from '../analysis/seed-results'
import { expectSnapshot, fourDigits } from './snapshot'

const seeds = [3, 8, 11].map((seed) => scattered(seed, 4))
const paper: PaperEnds = byStrategy((name) => ({
  queries: 100 + 10 * strategyNames.indexOf(name),
  loss: 1 + strategyNames.indexOf(name),
  lossSd: 0.5
}))
const one = nineFigure('reacher', seeds.slice(0, 1), 'one seed', paper)
const three = nineFigure('reacher', seeds, 'three seeds')

interface Drawn {
  x: (number | null)[]
  y: (number | null)[]
  xaxis: string
  yaxis: string
  mode: string
  text?: string[]
  marker?: { symbol: string }
  line?: { color: string; dash?: string; width: number }
  error_y?: { array: number[]; arrayminus: number[] }
  hovertemplate?: string
}
type Field = 'loss' | 'queries'
const fields = ['loss', 'queries'] as const

/** Returns the traces of a strategy's panel, of which that of queries follows that of losses. */
function panel({ data }: { data: readonly unknown[] }, strategy: StrategyName, field: Field): Drawn[] {
  const number = 2 * strategyNames.indexOf(strategy) + fields.indexOf(field) + 1
  return (data as Drawn[]).filter(({ yaxis }) => yaxis === (number === 1 ? 'y' : `y${number}`))
}
const ownLine = (traces: Drawn[]): Drawn => {
  const found = traces.filter(({ hovertemplate, mode }) => hovertemplate && mode === 'lines')
  expect(found).toHaveLength(1)
  return found[0]
}
const recorded = (seed: number, strategy: StrategyName, field: Field | 'lossSd') =>
  seeds[seed].outcomes[strategy].iterations.map((record) => record[field])

describe('the nine panels', () => {
  test.each(strategyNames)('the panels of %s show the records of one seed, with bars of a deviation', (strategy) => {
    for (const field of fields) {
      const { x, y, line, error_y } = ownLine(panel(one, strategy, field))
      expect(x).toEqual([1, 2, 3, 4])
      expect(y).toEqual(recorded(0, strategy, field))
      expect(line?.color).toBe(strategyLooks[strategy].color)
      expect(error_y?.array).toEqual(field === 'loss' ? recorded(0, strategy, 'lossSd') : undefined)
    }
  })

  test('a bar that would reach below the axis of losses ends at its edge, as a logarithm has no end there', () => {
    const deviant = { ...seeds[0].outcomes.dagger.iterations[0], loss: 1, lossSd: 5 }
    const dagger = { ...seeds[0].outcomes.dagger, iterations: [deviant, deviant, deviant, deviant] }
    const wild = { ...seeds[0], outcomes: { ...seeds[0].outcomes, dagger } }
    const { y, error_y } = ownLine(panel(nineFigure('reacher', [wild], 'one seed'), 'dagger', 'loss'))
    expect(error_y?.array[0]).toBe(5)
    expect(Number(y[0]) - Number(error_y?.arrayminus[0])).toBeCloseTo(0.2, 12)
  })

  test.each(strategyNames)('the panels of %s show each of several seeds, and their mean', (strategy) => {
    for (const field of fields) {
      const traces = panel(three, strategy, field)
      const { y, error_y } = ownLine(traces)
      expect(error_y).toBe(undefined)
      y.forEach((value, i) => {
        const values = [0, 1, 2].map((seed) => recorded(seed, strategy, field)[i])
        expect(value).toBeCloseTo(values.reduce((a, b) => a + b) / 3, 10)
      })
      const thin = traces.find(({ line }) => line?.width === 1 && line.color !== contextGrey)
      expect(thin?.y).toEqual([0, 1, 2].flatMap((seed) => [...recorded(seed, strategy, field).map(fourDigits), null]))
    }
  })

  test('every panel but DAgger’s has DAgger dotted, and the other strategies in grey', () => {
    for (const strategy of strategyNames)
      for (const field of fields) {
        const [grey, dotted] = panel(one, strategy, field)
        const others = strategyNames.filter((other) => other !== strategy && other !== 'dagger')
        expect(grey.line?.color).toBe(contextGrey)
        expect(grey.y).toEqual(others.flatMap((other) => [...recorded(0, other, field).map(fourDigits), null]))
        const dagger = { color: strategyLooks.dagger.color, dash: 'dot' }
        if (strategy === 'dagger')
          expect(panel(one, strategy, field).some(({ line }) => line?.dash === 'dot')).toBe(false)
        else expect(dotted.line).toMatchObject(dagger)
        if (strategy !== 'dagger') expect(dotted.y).toEqual([...recorded(0, 'dagger', field).map(fourDigits), null])
      }
  })

  test('a ring stands right of the last iteration where the paper’s run ends, with its deviation, and a number where ours does', () => {
    for (const strategy of strategyNames)
      for (const field of fields) {
        const traces = panel(one, strategy, field)
        const ring = traces.find(({ marker }) => marker?.symbol === 'circle-open')
        expect(ring?.y).toEqual([paper[strategy][field]])
        expect(Number(ring?.x[0])).toBeGreaterThan(4)
        expect(ring?.error_y?.array).toEqual([field === 'loss' ? 0.5 : 0])
        const end = recorded(0, strategy, field)[3]
        const words = traces.find(({ mode }) => mode === 'text')
        expect(words?.y).toEqual([expect.closeTo(end, 9)])
        expect(Number(words?.text?.[0].replace(/<.?b>/g, ''))).toBeCloseTo(end, end < 100 ? 1 : 0)
      }
    expect((three.data as unknown as Drawn[]).some(({ marker }) => marker)).toBe(false)
  })

  test('a task has one scale, whatever its results', () => {
    const axes = ({ layout }: { layout: object }) =>
      Object.entries(layout).filter(([name]) => /^yaxis/.test(name)) as [string, { range: number[]; type: string }][]
    const other = nineFigure('reacher', [scattered(5, 4)], 'another seed')
    expect(axes(one).map(([, { range }]) => range)).toEqual(axes(other).map(([, { range }]) => range))
    expect(axes(one)[0][1]).toMatchObject({ type: 'log', range: [Math.log10(0.2), Math.log10(16)].map(near) })
    expect(axes(nineFigure('hopper', [seeds[0]], 'it'))[1][1]).toMatchObject({ type: 'log' })
  })

  test('on a narrow page the panels stand one below the other, each with its queries below its losses', () => {
    const { meta } = one.layout as { meta: { narrow: Record<string, { domain: [number, number] }> } }
    const domains = (axis: string) =>
      Array.from({ length: 18 }, (_, i) => meta.narrow[`${axis}axis${i === 0 ? '' : i + 1}`].domain)
    for (const domain of domains('x')) expect(domain).toEqual([0, 1])
    const ends = domains('y').flatMap(([low, high]) => [high, low])
    expect(ends).toEqual([...new Set(ends)].sort((a, b) => b - a))
  })

  test('the nine panels of made-up results equal their snapshot', async () => {
    await expectSnapshot(
      nineFigure(
        'hopper',
        [1, 2].map((seed) => scattered(seed, 2)),
        'two seeds',
        paper
      ),
      'nine'
    )
  })
})

const near = (value: number) => expect.closeTo(value, 12)

describe('the title', () => {
  test('the title names the strategies that lose less than DAgger with fewer queries, and RadGrad’s ratios', () => {
    // all make 20 queries
    const results = [withLosses(1, { dagger: 100, random: 50, loss: 90, 'loss-gradient': 150 }, 200)]
    const fewer = (name: StrategyName, queries: number) => {
      const { iterations, ...rest } = results[0].outcomes[name]
      return { ...rest, iterations: iterations.map((record) => ({ ...record, queries })) }
    }
    const some = { ...results[0].outcomes, random: fewer('random', 10), 'loss-gradient': fewer('loss-gradient', 10) }
    expect(headline('reacher', [{ seed: 1, outcomes: some }])).toBe(
      'Reacher, one run, at the end: Random loses less than DAgger with fewer queries; RadGrad has 1.5 times its loss and 0.5 times its queries'
    )
    expect(headline('hopper', results)).toMatch(
      /^Hopper, one run, at the end: no strategy loses less than DAgger with fewer queries; /
    )
    const [two] = [{ ...some, loss: fewer('loss', 3) }]
    expect(headline('hopper', [{ seed: 1, outcomes: two }])).toMatch(
      /^Hopper, one run, at the end: Random and Loss lose less than DAgger/
    )
  })

  test('the title of the nine panels is the headline of their results', () => {
    const { text } = (one.layout as { title: { text: string } }).title
    expect(text.replaceAll('<br>', ' ')).toBe(headline('reacher', seeds.slice(0, 1)))
    for (const strategy of strategyNames)
      expect(JSON.stringify(one.layout.annotations)).toContain(`>${titleOf(strategy)}</span>`)
  })
})
