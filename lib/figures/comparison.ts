import { improvements, scores, type Tasks } from '../analysis/aggregate'
import type { Estimate } from '../analysis/bootstrap'
import { hyperparameters, type StrategyName, strategiesFor, strategyNames } from '../strategies'
import { type Figure, figure, type Trace } from './figure'
import { colours } from './learning-curves'

const strategies = strategiesFor(hyperparameters.reacher)

/**
 * All strategies over tasks and seeds: the interquartile mean of the share of Supervised's loss that each avoids, and the
 * probability that it loses less than another; with 95 % stratified bootstrap intervals.
 */
export function comparison(title: string, tasks: Tasks, over: StrategyName): Figure {
  const order = [...strategyNames].reverse()
  const panel = (estimates: Record<StrategyName, Estimate>, axes: object): Trace => ({
    ...axes,
    x: order.map((name) => estimates[name].value),
    y: order.map((name) => strategies[name].title),
    error_x: {
      type: 'data',
      symmetric: false,
      array: order.map((name) => estimates[name].high - estimates[name].value),
      arrayminus: order.map((name) => estimates[name].value - estimates[name].low),
      thickness: 1.5,
      width: 4,
      color: '#333333'
    },
    hovertemplate: '<b>%{y}</b><br>%{x:.2f}<extra></extra>',
    mode: 'markers',
    marker: { color: order.map((name) => colours[name]), size: 10 },
    showlegend: false
  })
  const level = (x: number, xref: string) => ({
    type: 'line',
    xref,
    x0: x,
    x1: x,
    yref: 'paper',
    y0: 0,
    y1: 1,
    line: { color: '#333333', dash: 'dot', width: 1 }
  })
  const right = { xaxis: 'x2', yaxis: 'y2' }
  return figure([panel(scores(tasks), {}), panel(improvements(tasks, over), right)], {
    title: { text: title },
    height: 420,
    margin: { l: 130, r: 20, t: 50, b: 60 },
    xaxis: { title: { text: 'share of Supervised’s loss avoided (interquartile mean)' }, domain: [0, 0.46] },
    yaxis: {},
    xaxis2: {
      title: { text: `probability of losing less than ${strategies[over].title}` },
      domain: [0.54, 1],
      anchor: 'y2',
      range: [-0.03, 1.03]
    },
    yaxis2: { anchor: 'x2', showticklabels: false },
    shapes: [level(0, 'x'), level(0.5, 'x2')]
  })
}
