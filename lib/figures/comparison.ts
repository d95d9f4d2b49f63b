import { avoidedLoss, avoidedShares, improvementProbabilities, type ResultsByTask } from '../analysis/aggregate'
import { type StrategyName, strategyNames, titleOf } from '../strategies'
import { listed } from './headlines'
import { type ByExpert, mapExperts, rowsFigure, rowTraces, whoseMarks } from './rows'
import { type Figure, shortTitle } from './theme'

/**
 * Compares all strategies over tasks and seeds, with 95 % stratified bootstrap intervals, the best at the top. Left: the share of
 * Supervised's loss that each avoids, interquartile mean. Right: the probability that it loses less than one of them.
 */
export function comparison(byExpert: ByExpert<ResultsByTask>, baseline: StrategyName): Figure {
  const experts = Object.keys(byExpert)
  const avoided = mapExperts(byExpert, avoidedLoss)
  const improved = mapExperts(byExpert, (tasks) => improvementProbabilities(tasks, baseline))
  const first = avoided[experts[0]]
  const order = [...strategyNames].sort((a, b) => first[b].value - first[a].value)
  const runsOf = (name: StrategyName, expert: string) => avoidedShares(byExpert[expert], name).flat()
  const better = experts.map((expert) => {
    const names = order.filter((name) => improved[expert][name].low > 0.5).map(shortTitle)
    return `${listed(names) || 'no strategy'} with ${expert}`
  })
  const title = `Significantly better than ${titleOf(baseline)}: ${better.join('; ')}`
  const subtitle = `${whoseMarks(experts)}. Both tasks: interquartile means with 95 % intervals; pale: a dot a run.`
  const panels = {
    'share of Supervised’s loss avoided (1: the expert)': rowTraces(order, avoided, runsOf),
    [`probability of losing less than ${titleOf(baseline)}`]: rowTraces(order, improved)
  }
  const referenceLines = [0, 0.5].map((at, panel) => ({ axis: 'x' as const, at, panel }))
  return rowsFigure({ title, subtitle }, order, 41, panels, { x: [{}, { range: [-0.03, 1.03] }], referenceLines })
}
