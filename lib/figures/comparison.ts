import { avoidedLoss, avoidedShares, improvementProbabilities, type Losses } from '../analysis/aggregate'
import { titleOf } from '../strategies'
import { mapValues } from '../util/json'
import { listed } from './headlines'
import { type Groups, rowsFigure, rowTraces, whoseMarks } from './rows'
import { type Figure, shortTitle } from './theme'

/**
 * Compares strategies over tasks and seeds, with 95 % stratified bootstrap intervals, the best of the first group at the top. Left: the
 * share of Supervised's loss that each avoids, interquartile mean. Right: the probability that it loses less than one of them.
 *
 * @param about the subtitle
 * @param groups losses by whose experts or of which tasks they are; of a single run nothing is called significant
 * @throws RangeError for a strategy without a loss, and for a loss that is not finite
 */
export function comparison(about: string, groups: Groups<Losses>, baseline: string): Figure {
  const names = Object.keys(groups)
  for (const [group, losses] of Object.entries(groups))
    for (const [task, of] of Object.entries(losses))
      for (const name of ['supervised', baseline, ...Object.keys(of)]) {
        const bad = of[name]?.length ? of[name].find((loss) => !Number.isFinite(loss)) : 'no loss'
        if (bad !== undefined) throw new RangeError(`${group} has ${bad} of ${name} on ${task}: give lists of numbers`)
      }
  const avoided = mapValues(groups, avoidedLoss)
  const improved = mapValues(groups, (losses) => improvementProbabilities(losses, baseline))
  const first = avoided[names[0]]
  const order = Object.keys(first).sort((a, b) => first[b].value - first[a].value)
  const runsOf = (strategy: string, group: string) => avoidedShares(groups[group], strategy).flat()
  const found = (group: string) => order.filter((name) => improved[group][name]?.low > 0.5).map(shortTitle)
  const worse = (group: string) => Object.values(improved[group]).filter(({ high }) => high < 0.5).length
  const better = names.map((group) => `${listed(found(group)) || 'no strategy'}, and ${worse(group)} worse (${group})`)
  const title = `Significantly better than ${titleOf(baseline)}: ${better.join('; ')}`
  const subtitle = `${about}. ${whoseMarks(names)}. Interquartile means with 95 % intervals; pale: a dot a run.`
  const panels = {
    'share of Supervised’s loss avoided (1: the expert)': rowTraces(order, avoided, runsOf),
    [`probability of losing less than ${titleOf(baseline)}`]: rowTraces(order, improved)
  }
  const referenceLines = [0, 0.5].map((at, panel) => ({ axis: 'x' as const, at, panel }))
  return rowsFigure({ title, subtitle }, order, panels, { x: [{}, { range: [-0.03, 1.03] }], referenceLines })
}
