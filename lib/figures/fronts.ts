/** Rules beside one another at their cost in queries: the runs at every threshold, and each rule's best threshold. */
import { bootstrapMean, type Estimate } from '../analysis/bootstrap'
import { lossDifferences, means, ofStrategy, type SweepPoint, type SweepPoints } from '../analysis/sweep'
import type { EnvironmentName } from '../environments'
import { type AnyStrategyName, allStrategyNames, titleOf } from '../strategies'
import { generator } from '../util/random'
import { brief, listed } from './headlines'
import { band, dot, hover, line, names } from './marks'
import { panelsFigure } from './panels'
import { axisOf, scales } from './scales'
import { capitalized, lookOf, type Trace, withOpacity } from './theme'

/** Rules that share a panel with Random, told apart by dashes, symbols and names. */
const families =
  'loss safedagger bagger ensembledagger lazydagger thriftydagger crsail dropoutdagger rnddagger bootstrapdagger'
    .split(' ')
    .map((family) => allStrategyNames.filter((rule) => rule.split('-')[0] === family))

/** Names of rules in their family's panel, in which Random is the first. */
const places = ['Random', 'the rule', 'its gradient', 'chance']

/**
 * Plots loss against queries, a panel for each family of rules that was swept. A line leads through a rule's thresholds, with a band from the
 * least to the most of their seeds. A large marker is a rule's best, with 95 % intervals of both over other seeds. The title counts the
 * rules that lose significantly less than Random, by the mean difference over seeds that both have, for no more than a tenth more queries.
 *
 * @param about the subtitle
 * @param swept points of one task, a rule's differing in thresholds
 * @param best at most one point a rule
 * @param losses losses to compare with, as horizontal lines, by the names of those that have them
 */
export function frontCurves(about: string, swept: SweepPoints, best: SweepPoints, losses: Record<string, number>) {
  const environment = swept[0].protocol.environment as EnvironmentName
  const { loss: scale, cost } = scales[environment]
  const known = new Set([...swept, ...best].map(({ protocol }) => protocol.strategy))
  const shown = families.filter((family) => family.some((rule) => known.has(rule)))
  const panelOf = (family: readonly AnyStrategyName[]): Trace[] => {
    const rules = (['random', ...family] as const).map((rule, place) => {
      const points = [...ofStrategy(swept, rule)].sort((a, b) => means(a).queries - means(b).queries)
      return { rule, name: rule.endsWith('-full') ? 'full' : places[place], points }
    })
    const ends = rules.flatMap(({ rule, name, points }) => {
      const last = points.slice(-1).map(means)
      const { color } = lookOf(rule)
      return last.map(({ queries, loss }) => ({ text: name, color, x: queries, y: Math.min(loss, scale.ends[1]) }))
    })
    const lines = rules.flatMap(({ rule, points }) => (points.length > 0 ? front(rule, points) : []))
    const dots = rules.flatMap(({ rule }) => ofStrategy(best, rule).map((point) => bestDot(rule, point)))
    return [...lines, ...dots, names(ends, scale, 0.09)]
  }
  const [random] = ofStrategy(best, 'random')
  const others = best.filter(({ protocol }) => protocol.strategy !== 'random')
  const better = others.filter((point) => random && isBetter(point, random)).length
  const verb = better < 2 ? 'loses' : 'lose'
  const tally = `: ${better || 'none'} of ${others.length} rules ${verb} significantly less than Random at its cost`
  const title = `${capitalized(environment)}${random ? tally : ''}`
  const dotted = Object.entries(losses).map(([name, loss]) => `${name} (${brief(loss)})`)
  const subtitle = `${about}. Bands: least to most of the seeds; large: the best, 95 % intervals over other seeds; dotted: ${listed(dotted)}.`
  const across = { ...cost, ticks: [300, 1000, 3000, 10_000, 30_000, 100_000] }
  const panels = Object.fromEntries(shown.map((family) => [titleOf(family[0]), panelOf(family)]))
  return panelsFigure({ title, subtitle }, panels, {
    columns: 4,
    shared: true,
    referenceLines: Object.values(losses).map((at) => ({ axis: 'y', at })),
    x: axisOf(across, { range: undefined, matches: 'x', tickangle: 0, title: { text: 'queries' } }),
    y: axisOf(scale, { title: { text: 'loss' } }),
    layout: { height: 760, hovermode: 'closest', showlegend: false }
  })
}

/** Tests whether a rule loses significantly less than another, seed by seed, for no more than a tenth more queries. */
function isBetter(rule: SweepPoint, than: SweepPoint): boolean {
  const lower = lossDifferences(rule.runs, than.runs)
  const { environment, strategy } = rule.protocol
  const affordable = means(rule).queries <= 1.1 * means(than).queries
  return affordable && lower.length > 1 && bootstrapMean(lower, generator(0, 'better', environment, strategy)).high < 0
}

/** Returns a rule's thresholds by ascending queries: a band over their seeds, and a line through their means. */
function front(rule: AnyStrategyName, thresholds: readonly SweepPoint[]): Trace[] {
  const { color, dash, symbol } = lookOf(rule)
  const [x, loss] = (['queries', 'loss'] as const).map((field) => thresholds.map((point) => means(point)[field]))
  const edges = (extreme: typeof Math.min) => thresholds.map(({ runs }) => extreme(...runs.map(({ loss }) => loss)))
  const text = thresholds.map(({ protocol: { rate, hyperparameters }, runs }) => {
    const threshold = rate === undefined ? `τ ${hyperparameters.loss.tau}` : `rate ${rate}`
    return `<b>${titleOf(rule)}</b>, ${runs.length} seeds<br>${threshold}`
  })
  const hovertemplate = hover('%{text}', 'queries %{x:.0f}', 'loss %{y:.3f}')
  const marked = { mode: 'lines+markers', marker: { color, symbol, size: 5 }, text, hovertemplate }
  return [band(x, edges(Math.min), edges(Math.max), color, 0.12), line(x, loss, { color, dash, width: 1.5 }, marked)]
}

/** Returns a rule's best threshold, with 95 % intervals over its seeds. */
function bestDot(rule: AnyStrategyName, { protocol, runs }: SweepPoint): Trace {
  const { color, symbol } = lookOf(rule)
  const over = (field: 'queries' | 'loss'): Estimate => {
    const values = runs.map((run) => run[field])
    return bootstrapMean(values, generator(0, 'best', protocol.environment, rule, field))
  }
  const marker = { color: withOpacity(color, 0.3), symbol, size: 11, line: { color, width: 1.5 } }
  const name = `<b>${titleOf(rule)}</b>, its best, ${runs.length} seeds`
  const hovertemplate = hover(name, 'queries %{x:.0f}', 'loss %{y:.3f}')
  return { ...dot(over('queries'), over('loss'), marker, { color }), hovertemplate }
}
