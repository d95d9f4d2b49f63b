// -*- coding: utf-8 -*-
// %% [markdown]
// # How do I spend a budget of labels?
//
// Every rule of this series decides *where* to query. None decides how thinly. A budget of labels may buy many queries in few episodes, or few
// in each of many: then labels come from more different states, at the price of more steps of the environment, which cost no label.
//
// **On Reacher thinly, if chance takes part; on Hopper no way is significantly better than the usual.** On Reacher four times the episodes take four tenths off
// Random's loss and off SD Gr. Random's, for the same labels: more than one of the four rules here gains over another. RadGrad gains little, SafeDAgger loses. On Hopper the rule
// matters more. Eight times the episodes are too many: the first iteration, labelled throughout, then takes 83 % of the budget on Reacher and 40 % on Hopper.
//
// Here four strategies spend one budget in four ways: with the task's usual number of episodes in each iteration, with twice, four and eight
// times as many, each at a rate that spends about the whole budget in fifteen iterations. When it is spent, queries stop, and the iterations
// end as usual. So all runs of a task have the same number of labels, or fewer where a rule does not spend them. The runs are in
// [data/budget](../data/budget/README.md); their plan was chosen before any of them, but for a pilot of one seed.
//
// Losses are means over the last five iterations of twenty trials each, ten seeds; brackets and bars are 95 % intervals. *Significant*
// means that the interval excludes zero, without a correction for multiple comparisons.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
import * as dfd from 'danfojs-node'
import * as rg from 'radgrad'

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const names: Record<rg.PaperEnvironment, string> = { reacher: 'Reacher', hopper: 'Hopper' }
const digits = (task: rg.PaperEnvironment) => (task === 'reacher' ? 2 : 0)
const multiples = [1, 2, 4, 8]
const strategies: rg.StrategyName[] = ['random', 'safedagger-gradient-random', 'loss-gradient', 'safedagger']
const usual: Record<string, number> = {}
for (const task of rg.paperEnvironments) usual[task] = rg.protocolFor(task, 'random', await rg.loadExpert(task)).episodes
const { records } = await rg.readResults(`${rg.dataFolder()}/budget/records`)
/** A run: episodes of an iteration in multiples of the usual number, labels of the first iteration, steps of the environment. */
const runs = [...records.values()].map(({ protocol, seed, outcome }) => ({
  task: protocol.environment,
  strategy: protocol.strategy,
  budget: protocol.budget!,
  times: protocol.episodes / usual[protocol.environment],
  seed: seed,
  ...rg.summarizeRun(outcome),
  first: outcome.iterations[0].queries,
  steps: rg.finalIteration(outcome).steps!
}))
type Run = (typeof runs)[number]
const budgetOf = (task: rg.PaperEnvironment) => Math.max(...runs.filter((run) => run.task === task).map(({ budget }) => budget))
const runsOf = (task: rg.PaperEnvironment, strategy: rg.StrategyName, times: number, budget = budgetOf(task)) =>
  runs.filter((run) => run.task === task && run.strategy === strategy && run.times === times && run.budget === budget)
const interval = (values: readonly number[], ...key: (string | number)[]) => rg.bootstrapMean(values, rg.generator(0, 'budget', ...key))
/** A panel for each task. */
const byTask = <T>(of: (task: rg.PaperEnvironment) => T) =>
  Object.fromEntries(rg.paperEnvironments.map((task) => [`${names[task]}, ${budgetOf(task).toLocaleString('en')} labels`, of(task)]))

// %% [markdown]
// ## Few episodes queried often, or many queried seldom?
//
// On Reacher Random and SD Gr. Random lose least with two or four times the usual episodes. On Hopper twice as many have the lowest mean for all four, significantly
// for none. With eight times as many all lose more on Reacher, and the two with chance on Hopper.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
/** Returns a strategy's line over the multiples, with its intervals. */
function course(task: rg.PaperEnvironment, strategy: rg.StrategyName, x: (runs: readonly Run[], times: number) => number) {
  const { color, dash } = rg.lookOf(strategy)
  const estimates = multiples.map((times) =>
    interval(runsOf(task, strategy, times).map(({ loss }) => loss), 'loss', task, strategy, times)
  )
  return {
    x: multiples.map((times) => x(runsOf(task, strategy, times), times)),
    y: estimates.map(({ value }) => value),
    error_y: {
      type: 'data', symmetric: false, thickness: 1.2, width: 3,
      array: estimates.map(({ value, high }) => high - value),
      arrayminus: estimates.map(({ value, low }) => value - low)
    },
    mode: 'lines+markers', line: { color, dash, width: 2 }, marker: { color, size: 7 },
    name: rg.titleOf(strategy), legendgroup: strategy, showlegend: task === 'reacher',
    hovertemplate: `<b>${rg.titleOf(strategy)}</b><br>loss %{y:.4~g}<extra></extra>`
  }
}
/** Reacher's losses differ by factors, Hopper's by amounts. */
const lossAxes = [
  { title: { text: 'loss' }, type: 'log', tickvals: [0.25, 0.5, 1, 2, 4] },
  { rangemode: 'tozero' }
]
/** The loss with so many times the usual episodes minus that with the usual ones. */
const difference = (task: rg.PaperEnvironment, strategy: rg.StrategyName, times: number) =>
  interval(rg.lossDifferences(runsOf(task, strategy, times), runsOf(task, strategy, 1)), 'minus', task, strategy, times)
const differences = (times: number) =>
  rg.paperEnvironments.flatMap((task) => strategies.map((strategy) => difference(task, strategy, times)))
const lower = (times: number) => differences(times).filter(({ high }) => high < 0).length
const higher = (times: number) => differences(times).filter(({ low }) => low > 0).length
rg.showCommitted(
  rg.panelsFigure(
    {
      title: `Same labels: twice the episodes lower the loss in ${lower(2)} of ${differences(2).length} cases, eight times raise it in ${higher(8)}`,
      subtitle: 'Counted where the difference is significant. Bars: 95 % intervals over seeds.'
    },
    byTask((task) => strategies.map((strategy, i) => course(task, strategy, (_, times) => times * 1.03 ** (i - 1.5)))),
    {
      x: { title: { text: 'episodes an iteration, times the usual' }, type: 'log', tickvals: multiples },
      y: lossAxes,
      layout: { height: 440 }
    }
  )
)

// %% [markdown]
// The loss with two, four and eight times the episodes minus the loss with the usual ones, seed by seed. Below zero, thin is better.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
for (const task of rg.paperEnvironments)
  rg.showCommitted(
    new dfd.DataFrame(
      strategies.map((strategy) =>
        Object.fromEntries(
          multiples.slice(1).map((times) => [
            `${names[task]}, ${times} times`,
            rg.formatEstimate(difference(task, strategy, times), digits(task))
          ])
        )
      ),
      { index: strategies.map(rg.titleOf) }
    )
  )

// %% [markdown]
// ## What it costs: steps of the environment
//
// Thin labels want more episodes. And a rule that is set by a rate is calibrated in episodes of the learner alone, without labels: those
// count too. So the same losses, over all the steps that a run took in the environment to collect its labels (trials do not count). Of the 17,750 steps
// that SD Gr. Random, RadGrad and SafeDAgger take on Reacher with the usual episodes, 14,000 are such calibrations, which Random needs not.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const stepsOf = (task: rg.PaperEnvironment, times: number) => rg.mean(runsOf(task, 'random', times).map(({ steps }) => steps))
const moreSteps = (task: rg.PaperEnvironment) => (stepsOf(task, 4) / stepsOf(task, 1)).toFixed(1)
rg.showCommitted(
  rg.panelsFigure(
    {
      title: `Four times the episodes cost Random ${moreSteps('reacher')} times the steps on Reacher, ${moreSteps('hopper')} times on Hopper`,
      subtitle: 'The losses of the figure above. Each line goes from the usual number of episodes to eight times as many.'
    },
    byTask((task) => strategies.map((strategy) => course(task, strategy, (runs) => rg.mean(runs.map(({ steps }) => steps))))),
    {
      x: { title: { text: 'steps of the environment' }, type: 'log', tickvals: [5e3, 1e4, 2e4, 5e4, 1e5, 2e5] },
      y: lossAxes,
      layout: { height: 440 }
    }
  )
)

// %% [markdown]
// ## Where do the labels go?
//
// Labels at the end, mean over the seeds, in percent of the budget: a strategy that queries less than its rate promised has labels left. And in the
// last row the labels of the first iteration, in which every state is labelled, whatever the rule: the more episodes, the less is left for
// the rule to place.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
/** Returns a number of each run in percent of the budget, for each way to spend it. */
const shares = (task: rg.PaperEnvironment, strategy: rg.StrategyName, labels: (run: Run) => number) =>
  Object.fromEntries(
    multiples.map((times) => {
      const share = rg.mean(runsOf(task, strategy, times).map(labels)) / budgetOf(task)
      return [`${names[task]}, ${times === 1 ? 'usual' : `${times} times`}`, `${(100 * share).toFixed(0)} %`]
    })
  )
for (const task of rg.paperEnvironments)
  rg.showCommitted(
    new dfd.DataFrame(
      [...strategies.map((strategy) => shares(task, strategy, ({ queries }) => queries)), shares(task, 'random', ({ first }) => first)],
      { index: [...strategies.map(rg.titleOf), 'of these, the first iteration'] }
    )
  )

// %% [markdown]
// ## The paper's nine within a small budget
//
// A budget that their thresholds do not know: 1,000 labels on Reacher, where DAgger alone would make 3,750. Whoever queries everywhere
// spends them in the first four iterations, and trains on in the others. Random and the two with chance, which spread them over all iterations,
// lose less than half of what DAgger does.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const small = Math.min(...runs.map(({ budget }) => budget))
const ofNine = rg.strategyNames
  .map((strategy) => {
    const own = runsOf('reacher', strategy, 1, small)
    return { strategy: strategy, own: own, estimate: interval(own.map(({ loss }) => loss), 'nine', strategy) }
  })
  .sort((a, b) => a.estimate.value - b.estimate.value)
rg.showCommitted(
  rg.panelsFigure(
    `Reacher, ${small.toLocaleString('en')} labels: ${rg.titleOf(ofNine[0].strategy)} loses least`,
    {
      Reacher: ofNine.flatMap(({ strategy, own, estimate }) => {
        const { color } = rg.lookOf(strategy)
        const used = rg.mean(own.map(({ queries }) => queries))
        const name = `${rg.titleOf(strategy)}${used < small ? ` (${used.toFixed(0)} labels)` : ''}`
        return [
          rg.points(own.map(({ loss }) => loss), own.map(() => name), color),
          rg.intervalPlot({ [name]: estimate }, { marker: { size: 9, color } })
        ]
      })
    },
    { x: { title: { text: 'loss' }, rangemode: 'tozero' }, y: { autorange: 'reversed' }, layout: { height: 420 } }
  )
)

// %% [markdown]
// ## Try another budget
//
// A budget is a field of the protocol, and so is the number of episodes. Random with half of the budget above, in twice the episodes:

// %%
const model = await rg.loadExpert('reacher')
const thin = rg.protocolFor('reacher', 'random', model, {
  ...rg.protocolOverrides(),
  trials: 20,
  budget: 1200,
  episodes: 10,
  rate: 0.1
})
let end: rg.IterationRecord | undefined
for await (const { record } of rg.experiment(thin, 1)) end = record
await 0
console.log(`${end!.queries} labels, ${end!.steps} steps, loss ${end!.loss.toFixed(2)}`)

// %% [markdown]
// ## What is left
//
// Labels go further over more episodes where a rule leaves much to chance, and only so far: what the first iteration takes, the rule cannot place. A first
// iteration that is labelled thinly too was not tried, nor another budget; and on Hopper ten seeds see no effect below a third.
//
// **The doubt**: would your task, or a rule of yours, spend it better? [Notebook 06](06-your-own-strategy.ipynb) shows how to try.
