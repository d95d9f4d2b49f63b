/** Rules beside one another at their cost in queries: the runs at every threshold, and each rule's best threshold. */
import { bootstrapMean, type Estimate } from '../analysis/bootstrap'
import { means, ofStrategy, type SweepPoint, type SweepPoints } from '../analysis/sweep'
import { type AnyStrategyName, titleOf } from '../strategies'
import { generator } from '../util/random'
import { band, dot, hover, line } from './marks'
import { panelsFigure } from './panels'
import { palette, type Trace, withOpacity } from './theme'

/** Rules that share a panel, told apart by colour; each panel has Random too. */
const families: readonly (readonly AnyStrategyName[])[] = [
  ['loss', 'loss-gradient', 'loss-gradient-random'],
  ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random'],
  ['bagger', 'bagger-gradient'],
  ['ensembledagger', 'ensembledagger-gradient', 'ensembledagger-full'],
  ['lazydagger', 'lazydagger-gradient'],
  ['thriftydagger', 'thriftydagger-gradient'],
  ['crsail'],
  ['dropoutdagger'],
  ['rnddagger', 'rnddagger-gradient'],
  ['bootstrapdagger']
]
/** A rule's entry in the legend, and its colour. */
type Look = { readonly name: string; readonly colour: string }

/** The looks of a family's rules, in their order. */
const variants: readonly Look[] = [
  { name: 'the rule', colour: palette.blue },
  { name: 'with its gradient', colour: palette.vermilion },
  { name: 'with chance, or full', colour: palette.green }
]
const random: Look = { name: 'Random', colour: palette.grey }
const tickvals = [100, 300, 1000, 3000, 10_000, 30_000, 100_000]

/**
 * Plots loss against queries, a panel for each family of rules that was swept. A line leads through a rule's thresholds, with a band from the
 * least to the most of their seeds. A large marker is a rule's best, with 95 % intervals of both over other seeds.
 *
 * @param swept points of one task, a rule's differing in thresholds
 * @param best at most one point a rule
 * @param losses losses to compare with, as horizontal lines, by the names of those that have them
 */
export function frontCurves(title: string, swept: SweepPoints, best: SweepPoints, losses: Record<string, number>) {
  const marks = (rule: AnyStrategyName, { name, colour }: Look, inLegend: boolean): Trace[] => {
    const legend = { name, legendgroup: name, showlegend: false }
    const thresholds = ofStrategy(swept, rule)
    return [
      ...(thresholds.length > 0 ? front(rule, thresholds, colour, { ...legend, showlegend: inLegend }) : []),
      ...ofStrategy(best, rule).map((point) => ({ ...bestDot(rule, point, colour), ...legend }))
    ]
  }
  const known = new Set([...swept, ...best].map(({ protocol }) => protocol.strategy))
  const shown = families.filter((family) => family.some((rule) => known.has(rule)))
  const panels = shown.map((family, panel): [string, Trace[]] => {
    const traces = family.flatMap((rule, i) => marks(rule, variants[i], panel === 0))
    return [titleOf(family[0]), [...marks('random', random, panel === 0), ...traces]]
  })
  // Random sets the axis of loss: much greater losses lie beyond it.
  const randomLosses = ofStrategy(swept, 'random').map((point) => means(point).loss)
  const highest = Math.max(...randomLosses, ...Object.values(losses))
  return panelsFigure(title, Object.fromEntries(panels), {
    columns: 4,
    shared: true,
    x: { type: 'log', matches: 'x', tickvals, tickformat: '~s', title: { text: 'queries' } },
    y: { range: [0, 1.1 * highest], title: { text: 'loss' } },
    referenceLines: Object.entries(losses).map(([name, at]) => ({ axis: 'y', at, name })),
    layout: { height: 560, hovermode: 'closest', legend: { orientation: 'h', x: 0, y: -0.16 } }
  })
}

/** Returns a rule's thresholds by ascending queries: a band over their seeds, and a line through their means. */
function front(rule: AnyStrategyName, thresholds: readonly SweepPoint[], colour: string, legend: Trace): Trace[] {
  const points = thresholds.map((point) => ({ ...point, ...means(point) })).sort((a, b) => a.queries - b.queries)
  const x = points.map(({ queries }) => queries)
  const extremes = (extreme: typeof Math.min) => points.map(({ runs }) => extreme(...runs.map(({ loss }) => loss)))
  const loss = points.map(({ loss }) => loss)
  const text = points.map(({ protocol: { rate, hyperparameters }, runs }) => {
    const threshold = rate === undefined ? `τ ${hyperparameters.loss.tau}` : `rate ${rate}`
    return `<b>${titleOf(rule)}</b>, ${runs.length} seeds<br>${threshold}`
  })
  const hovertemplate = hover('%{text}', 'queries %{x:.0f}', 'loss %{y:.3f}')
  const marked = { mode: 'lines+markers', marker: { color: colour, size: 4 } }
  return [
    { ...legend, ...band(x, extremes(Math.min), extremes(Math.max), colour, 0.12) },
    line(x, loss, { color: colour, width: 1.5 }, { ...legend, ...marked, text, hovertemplate })
  ]
}

/** Returns a rule's best threshold, with 95 % intervals over its seeds. */
function bestDot(rule: AnyStrategyName, { protocol, runs }: SweepPoint, colour: string): Trace {
  const over = (field: 'queries' | 'loss'): Estimate => {
    const values = runs.map((run) => run[field])
    return bootstrapMean(values, generator(0, 'best', protocol.environment, rule, field))
  }
  const marker = { color: withOpacity(colour, 0.3), size: 10, line: { color: colour, width: 1.5 } }
  return {
    ...dot(over('queries'), over('loss'), marker, { color: colour }),
    hovertemplate: hover(`<b>${titleOf(rule)}</b>, its best, ${runs.length} seeds`, 'queries %{x:.0f}', 'loss %{y:.3f}')
  }
}
