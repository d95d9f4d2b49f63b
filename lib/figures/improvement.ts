import { improvementProbability } from '../analysis/aggregate'
import type { Estimate } from '../analysis/bootstrap'
import { ofStrategy, type SweepPoints } from '../analysis/sweep'
import { type AnyStrategyName, titleOf } from '../strategies'
import { generator } from '../util/random'
import { intervalPlot } from './marks'
import { panelsFigure } from './panels'
import type { Figure, Trace } from './theme'

/**
 * Plots the probability that a run of each rule loses less than a run of the baseline, by task and over tasks, with 95 %
 * intervals.
 *
 * @param best at most one point a rule for each task; a rule that some task lacks is left out
 */
export function improvementFigure(title: string, best: Record<string, SweepPoints>, baseline: AnyStrategyName): Figure {
  const tasks = Object.keys(best)
  const losses = (task: string, rule: AnyStrategyName) =>
    ofStrategy(best[task], rule).flatMap(({ runs }) => runs.map(({ loss }) => loss))
  const rules = best[tasks[0]]
    .map(({ protocol }) => protocol.strategy)
    .filter((rule) => rule !== baseline && tasks.every((task) => losses(task, rule).length > 0))
  const estimate = (rule: AnyStrategyName, tasks: readonly string[]): Estimate =>
    improvementProbability(
      tasks.map((task) => losses(task, rule)),
      tasks.map((task) => losses(task, baseline)),
      generator(0, 'improvement', rule, baseline, ...tasks)
    )
  const groups = tasks.map((task) => ({ name: capitalized(task), tasks: [task] }))
  if (tasks.length > 1) groups.push({ name: 'both tasks', tasks })
  const panels = groups.map(({ name, tasks }) => ({
    name,
    estimates: Object.fromEntries(rules.map((rule) => [titleOf(rule), estimate(rule, tasks)]))
  }))
  const overall = panels[panels.length - 1].estimates
  const order = rules.map(titleOf).sort((a, b) => overall[a].value - overall[b].value)
  const traces = panels.map(({ name, estimates }): [string, Trace[]] => [
    name,
    [intervalPlot(Object.fromEntries(order.map((rule) => [rule, estimates[rule]])))]
  ])
  return panelsFigure(title, Object.fromEntries(traces), {
    shared: true,
    x: { range: [-0.03, 1.03], title: { text: 'probability' } },
    referenceLines: [{ axis: 'x', at: 0.5 }],
    layout: { height: 140 + 24 * rules.length }
  })
}

const capitalized = (word: string): string => `${word[0].toUpperCase()}${word.slice(1)}`
