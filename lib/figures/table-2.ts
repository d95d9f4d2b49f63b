import { finals } from '../analysis/results-by-seed'
import { table2 } from '../analysis/table-2'
import type { EnvironmentName } from '../environments'
import type { StrategyName } from '../strategies'
import { mapValues } from '../util/json'
import { listed } from './headlines'
import { points } from './marks'
import { type Groups, rowsFigure, rowTraces, whoseMarks } from './rows'
import { axisOf, type Field, type PaperEnds, type Results, scales } from './scales'
import { capitalized, type Figure, ink, type Trace } from './theme'

/**
 * Plots Table 2 of a task: loss and queries of each strategy at the end, means over seeds with 95 % intervals among the seeds, the least
 * loss at the top, beside the paper's run as a cross.
 */
export function table2Figure(environment: EnvironmentName, byExpert: Groups<Results>, paper: PaperEnds): Figure {
  const experts = Object.keys(byExpert)
  const tables = mapValues(byExpert, table2)
  const order = [...tables[experts[0]]].sort((a, b) => a.loss.value - b.loss.value).map(({ strategy }) => strategy)
  const panelOf = (field: Field): Trace[] => {
    const estimates = mapValues(tables, (rows) => Object.fromEntries(rows.map((row) => [row.strategy, row[field]])))
    const cross = { symbol: 'x-thin', size: 9, line: { color: ink, width: 2 } }
    const theirs = order.map((name) => paper[name][field])
    const seedsOf = (name: StrategyName, expert: string) => finals(byExpert[expert], name, field)
    return [...rowTraces(order, estimates, seedsOf), points(theirs, [...order.keys()], ink, cross)]
  }
  const isWithin = (loss: number, all: readonly number[]) => Math.min(...all) <= loss && loss <= Math.max(...all)
  const within = experts.map((expert) => {
    const inside = order.filter((name) => isWithin(paper[name].loss, finals(byExpert[expert], name, 'loss')))
    return `${inside.length} with ${expert}`
  })
  const title = `${capitalized(environment)}: of ${order.length} strategies the paper’s loss lies within our seeds’ for ${listed(within)}`
  const subtitle = `${whoseMarks(experts)}; cross: the paper’s run. Means with 95 % intervals; pale: a dot a seed.`
  const { loss: up, cost } = scales[environment]
  const x = [axisOf(up, { range: undefined, rangemode: 'tozero' }), axisOf(cost, { range: undefined })]
  return rowsFigure({ title, subtitle }, order, { loss: panelOf('loss'), queries: panelOf('queries') }, { x })
}
