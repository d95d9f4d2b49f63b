import { avoidedLoss, improvementProbabilities, type ResultsByTask } from '../analysis/aggregate'
import type { Estimate } from '../analysis/bootstrap'
import { type StrategyName, strategyNames, titleOf } from '../strategies'
import { hover, intervalPlot, referenceLine } from './marks'
import { facetDomain, panelAxes, panelLayout } from './panels'
import { type Figure, figure, ink, strategyColours, type Trace } from './theme'

/**
 * Compares all strategies over tasks and seeds, with 95 % stratified bootstrap intervals. Left: the share of Supervised's loss
 * that each avoids, interquartile mean. Right: the probability that it loses less than one of them.
 */
export function comparison(title: string, tasks: ResultsByTask, baseline: StrategyName): Figure {
  const avoided = strategyIntervals(avoidedLoss(tasks))
  const improvement = strategyIntervals(improvementProbabilities(tasks, baseline))
  const [left, right] = [facetDomain(0, 2, 0.08), facetDomain(1, 2, 0.08)]
  const losingLess = { text: `probability of losing less than ${titleOf(baseline)}` }
  return figure([avoided, { ...improvement, ...panelAxes(1) }], {
    title: { text: title },
    height: 420,
    margin: { l: 130, r: 20, t: 50, b: 60 },
    xaxis: { title: { text: 'share of Supervised’s loss avoided (interquartile mean)' }, domain: left },
    yaxis: {},
    ...panelLayout(1, { title: losingLess, domain: right, range: [-0.03, 1.03] }, { showticklabels: false }),
    shapes: [referenceLine('x', 0, { x: 'x', y: 'paper' }, ink), referenceLine('x', 0.5, { x: 'x2', y: 'paper' }, ink)]
  })
}

/** Returns the strategies' estimates in their colours, the first strategy at the top. */
function strategyIntervals(estimates: Record<StrategyName, Estimate>): Trace {
  const upwards = [...strategyNames].reverse()
  const color = upwards.map((name) => strategyColours[name])
  return intervalPlot(
    Object.fromEntries(upwards.map((name) => [titleOf(name), estimates[name]])),
    { hovertemplate: hover('<b>%{y}</b>', '%{x:.2f}'), marker: { color, size: 10 } },
    { thickness: 1.5, width: 4, color: ink }
  )
}
