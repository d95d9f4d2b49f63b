import { improvementProbability } from '../analysis/aggregate'
import type { Estimate } from '../analysis/bootstrap'
import { ofStrategy, type SweepPoints } from '../analysis/sweep'
import { type AnyStrategyName, titleOf } from '../strategies'
import { generator } from '../util/random'
import { listed } from './headlines'
import { rowsFigure, rowTraces } from './rows'
import { capitalized, type Figure, shortTitle } from './theme'

/**
 * Plots the probability that a run of each rule loses less than a run of the baseline, by task and over tasks, with 95 %
 * intervals. Its title names the rules that do so more often than not.
 *
 * @param about the subtitle
 * @param best at most one point a rule for each task; a rule that some task lacks is left out
 */
export function improvementFigure(about: string, best: Record<string, SweepPoints>, baseline: AnyStrategyName): Figure {
  const tasks = Object.keys(best)
  const losses = (task: string, rule: AnyStrategyName) =>
    ofStrategy(best[task], rule).flatMap(({ runs }) => runs.map(({ loss }) => loss))
  const rules = best[tasks[0]]
    .map(({ protocol }) => protocol.strategy)
    .filter((rule) => rule !== baseline && tasks.every((task) => losses(task, rule).length > 0))
  const estimate = (rule: AnyStrategyName, tasks: readonly string[]): Estimate => {
    const [ours, theirs] = [rule, baseline].map((one) => tasks.map((task) => losses(task, one)))
    return improvementProbability(ours, theirs, generator(0, 'improvement', rule, baseline, ...tasks))
  }
  const estimates = (some: readonly string[]) => Object.fromEntries(rules.map((rule) => [rule, estimate(rule, some)]))
  const overall = estimates(tasks)
  const order = [...rules].sort((a, b) => overall[b].value - overall[a].value)
  const byTask = Object.fromEntries(tasks.map((task) => [capitalized(task), estimates([task])]))
  const both = tasks.length > 1 && { 'both tasks': overall }
  const panels = Object.entries({ ...byTask, ...both }).map(([name, of]) => [name, rowTraces(order, { [name]: of })])
  const better = listed(order.filter((rule) => overall[rule].low > 0.5).map(shortTitle))
  const title = `Significantly better than ${titleOf(baseline)}: ${better || `none of ${rules.length} rules`}`
  const subtitle = `${about}; 95 % intervals`
  return rowsFigure({ title, subtitle }, order, 24, Object.fromEntries(panels), {
    x: { range: [-0.03, 1.03], title: { text: `probability of losing less than ${titleOf(baseline)}` } },
    referenceLines: [{ axis: 'x', at: 0.5 }]
  })
}
