import { finalIteration } from '../analysis/results-by-seed'
import { table2 } from '../analysis/table-2'
import type { EnvironmentName } from '../environments'
import { type StrategyName, strategyNames } from '../strategies'
import { listed } from './headlines'
import { points } from './marks'
import { type ByExpert, type Row, rowsFigure, rowTraces, whoseMarks } from './rows'
import { axisOf, type Field, fields, type PaperEnds, type Results, scales } from './scales'
import { capitalized, type Figure, ink, type Trace } from './theme'

/**
 * Plots Table 2 of a task: loss and queries of each strategy at the end, means over seeds with 95 % intervals among the seeds, the least
 * loss at the top, beside the paper's run as a cross.
 */
export function table2Figure(environment: EnvironmentName, byExpert: ByExpert<Results>, paper: PaperEnds): Figure {
  const tables = Object.entries(byExpert).map(([expert, results]) => {
    const rows = Object.fromEntries(table2(results).map((row) => [row.strategy, row]))
    const ends = (name: StrategyName, field: Field) =>
      results.map(({ outcomes }) => finalIteration(outcomes[name])[field])
    const rowOf =
      (field: Field) =>
      (name: StrategyName): Row => ({ estimate: rows[name][field], seeds: ends(name, field) })
    return { expert, rowOf }
  })
  const loss = (name: StrategyName) => tables[0].rowOf('loss')(name).estimate.value
  const order = [...strategyNames].sort((a, b) => loss(a) - loss(b))
  const cross = { symbol: 'x-thin', size: 9, line: { color: ink, width: 2 } }
  const panels = fields.map((field): [string, Trace[]] => {
    const rows = Object.fromEntries(tables.map(({ expert, rowOf }) => [expert, rowOf(field)]))
    const [theirs, heights] = [order.map((name) => paper[name][field]), order.map((_, row) => row)]
    return [field, [...rowTraces(order, rows), points(theirs, heights, ink, cross)]]
  })
  const within = tables.map(({ expert, rowOf }) => {
    const inside = order.filter((name) => {
      const { seeds = [] } = rowOf('loss')(name)
      return Math.min(...seeds) <= paper[name].loss && paper[name].loss <= Math.max(...seeds)
    })
    return `${inside.length} with ${expert}`
  })
  const words = {
    title: `${capitalized(environment)}: the paper’s loss lies among our seeds’, of ${order.length} strategies, for ${listed(within)}`,
    subtitle: `${whoseMarks(Object.keys(byExpert))}; cross: the paper’s run. Means with 95 % intervals; pale: a dot a seed.`
  }
  const { loss: up, cost } = scales[environment]
  const x = [axisOf(up, { range: undefined, rangemode: 'tozero' }), axisOf(cost, { range: undefined })]
  return rowsFigure(words, order, 41, Object.fromEntries(panels), { x })
}
