import type { IterationRecord } from '../experiments/imitate'
import { hyperparameters, type StrategyName, strategiesFor } from '../strategies'
import { type Figure, faded, figure, type Trace } from './figure'

/** The records of one run, as many as there are so far. */
export interface Run {
  readonly strategy: StrategyName
  readonly seed: number
  readonly records: readonly IterationRecord[]
}

/** One colour a strategy, in every figure. */
export const colours: Readonly<Record<StrategyName, string>> = {
  dagger: '#0072b2',
  random: '#e69f00',
  supervised: '#009e73',
  safedagger: '#d55e00',
  'safedagger-gradient': '#cc79a7',
  'safedagger-gradient-random': '#56b4e9',
  loss: '#000000',
  'loss-gradient': '#999999',
  'loss-gradient-random': '#b8a900'
}

const strategies = strategiesFor(hyperparameters.reacher)

/**
 * The paper's Figures 2 and 3: loss, with one standard deviation over trials on either side, and the expert's labels so
 * far, against the iteration.
 *
 * @param iterations how far the axis goes, so that it stands still while a run goes on
 */
export function learningCurves(title: string, runs: readonly Run[], iterations: number): Figure {
  // an early policy may fail without bound; so the axis goes by what the first, hardly trained ones lose, and what lies
  // above is told in words
  const most =
    1.4 * Math.max(1, ...runs.flatMap(({ records }) => records.slice(0, 1).map(({ loss, lossSd }) => loss + lossSd)))
  const iteration = { title: { text: 'iteration' }, range: [0.5, iterations + 0.5], dtick: Math.ceil(iterations / 8) }
  return figure(runs.flatMap(traces), {
    title: { text: title },
    height: 420,
    hovermode: 'closest',
    xaxis: { ...iteration, domain: [0, 0.44] },
    yaxis: { title: { text: 'loss: expert’s return less policy’s' }, range: [-0.05 * most, 1.05 * most] },
    annotations: runs.flatMap((run) => above(run, 1.05 * most)),
    xaxis2: { ...iteration, domain: [0.56, 1], anchor: 'y2' },
    yaxis2: { title: { text: 'queries so far' }, anchor: 'x2', rangemode: 'tozero' }
  })
}

/** A word at the upper edge for each mean loss that lies beyond it. */
const above = ({ strategy, records }: Run, top: number): object[] =>
  records
    .filter(({ loss }) => loss > top)
    .map(({ iteration, loss }) => ({
      x: iteration,
      y: top,
      text: `↑ ${loss.toFixed(0)}`,
      showarrow: false,
      xanchor: 'left',
      yanchor: 'top',
      font: { color: colours[strategy] }
    }))

function traces({ strategy, seed, records }: Run): Trace[] {
  const { title } = strategies[strategy]
  const colour = colours[strategy]
  const x = records.map(({ iteration }) => iteration)
  const shared = { name: title, legendgroup: `${strategy} ${seed}`, x, mode: 'lines+markers', line: { color: colour } }
  const hover = {
    customdata: records.map(({ queries, loss, lossSd }) => [queries, loss, lossSd]),
    hovertemplate:
      `<b>${title}</b>, seed ${seed}<br>iteration %{x}<br>queries %{customdata[0]}` +
      '<br>loss %{customdata[1]:.3f} ± %{customdata[2]:.3f}<extra></extra>'
  }
  const edge = (sign: number) => records.map(({ loss, lossSd }) => loss + sign * lossSd)
  const band = {
    legendgroup: shared.legendgroup,
    showlegend: false,
    hoverinfo: 'skip',
    x: [...x, ...[...x].reverse()],
    y: [...edge(1), ...edge(-1).reverse()],
    fill: 'toself',
    fillcolor: faded(colour, 0.15),
    line: { width: 0 },
    mode: 'lines'
  }
  return [
    band,
    { ...shared, ...hover, y: records.map(({ loss }) => loss) },
    { ...shared, ...hover, y: records.map(({ queries }) => queries), xaxis: 'x2', yaxis: 'y2', showlegend: false }
  ]
}
