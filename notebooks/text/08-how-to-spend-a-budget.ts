// -*- coding: utf-8 -*-
// %% [markdown]
// # How do I spend a budget of labels?
//
// Every rule of this series decides *where* to query. None decides how thinly. A budget of labels may buy many queries in few episodes, or few
// in each of many: then labels come from more different states, at the price of more steps of the environment, which cost no label.
//
// **@@ANSWER**
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
import * as math from 'mathjs'
import * as rg from 'radgrad'

// %% jupyter={"source_hidden": true} tags=["hide-input"]
interface Run extends rg.RunSummary {
  readonly steps: number
}
/** The runs of one strategy that spend a budget in one way. */
interface Spending {
  readonly task: rg.PaperEnvironment
  readonly strategy: rg.StrategyName
  readonly budget: number
  /** Episodes of an iteration, in multiples of the task's usual number. */
  readonly times: number
  readonly runs: readonly Run[]
}
const names: Record<rg.PaperEnvironment, string> = { reacher: 'Reacher', hopper: 'Hopper' }
const digits = (task: rg.PaperEnvironment) => (task === 'reacher' ? 2 : 0)
const multiples = [1, 2, 4, 8]
const strategies: rg.StrategyName[] = ['random', 'safedagger-gradient-random', 'loss-gradient', 'safedagger']
const { records } = await rg.readResults(`${rg.dataFolder()}/budget/records`)
const usual: Record<string, number> = {}
for (const task of rg.paperEnvironments) usual[task] = rg.protocolFor(task, 'random', await rg.loadExpert(task)).episodes
const spendings: Spending[] = []
for (const { protocol, seed, outcome } of records.values()) {
  const run: Run = { seed, ...rg.summarizeRun(outcome), steps: rg.finalIteration(outcome).steps! }
  const [task, strategy] = [protocol.environment as rg.PaperEnvironment, protocol.strategy as rg.StrategyName]
  const key = { task, strategy, budget: protocol.budget!, times: protocol.episodes / usual[protocol.environment] }
  const known = spendings.findIndex((one) => Object.entries(key).every(([name, value]) => one[name as keyof Spending] === value))
  if (known < 0) spendings.push({ ...key, runs: [run] })
  else spendings[known] = { ...key, runs: [...spendings[known].runs, run].sort((a, b) => a.seed - b.seed) }
}
const budgetOf = (task: rg.PaperEnvironment) => Math.max(...spendings.filter((one) => one.task === task).map(({ budget }) => budget))
const runsOf = (task: rg.PaperEnvironment, strategy: rg.StrategyName, times: number, budget = budgetOf(task)) =>
  spendings.find((one) => one.task === task && one.strategy === strategy && one.times === times && one.budget === budget)?.runs ?? []
const interval = (values: readonly number[], ...key: (string | number)[]) => rg.bootstrapMean(values, rg.generator(0, 'budget', ...key))
/** A panel for each task. */
const byTask = <T>(of: (task: rg.PaperEnvironment) => T) =>
  Object.fromEntries(rg.paperEnvironments.map((task) => [`${names[task]}, ${budgetOf(task).toLocaleString('en')} labels`, of(task)]))

// %% [markdown]
// ## Few episodes queried often, or many queried seldom?
//
// @@FIRST

// %% jupyter={"source_hidden": true} tags=["hide-input"]
/** Returns a strategy's line over the multiples, with its intervals. */
function course(task: rg.PaperEnvironment, strategy: rg.StrategyName, x: (runs: readonly Run[], times: number) => number) {
  const { color, dash } = rg.lookOf(strategy)
  const ways = multiples.map((times) => ({ times, runs: runsOf(task, strategy, times) })).filter(({ runs }) => runs.length > 0)
  const estimates = ways.map(({ times, runs }) => interval(runs.map(({ loss }) => loss), 'loss', task, strategy, times))
  return {
    x: ways.map(({ runs, times }) => x(runs, times)),
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
const gain = (task: rg.PaperEnvironment, strategy: rg.StrategyName) =>
  interval(rg.lossDifferences(runsOf(task, strategy, 8), runsOf(task, strategy, 1)), 'gain', task, strategy)
const better = (task: rg.PaperEnvironment) => strategies.filter((strategy) => gain(task, strategy).high < 0).length
rg.showCommitted(
  rg.panelsFigure(
    {
      title: `Eight times the episodes for the same labels: a lower loss for ${better('reacher')} of ${strategies.length} strategies on Reacher, ${better('hopper')} on Hopper`,
      subtitle: 'Counted where the difference is significant. Bars: 95 % intervals over seeds.'
    },
    byTask((task) => strategies.map((strategy, i) => course(task, strategy, (_, times) => times * 1.03 ** (i - 1.5)))),
    {
      x: { title: { text: 'episodes an iteration, times the usual' }, type: 'log', tickvals: multiples },
      y: { title: { text: 'loss' }, rangemode: 'tozero' },
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
          multiples.slice(1).map((times) => {
            const values = rg.lossDifferences(runsOf(task, strategy, times), runsOf(task, strategy, 1))
            return [`${names[task]}, ${times} times`, rg.formatEstimate(interval(values, 'minus', task, strategy, times), digits(task))]
          })
        )
      ),
      { index: strategies.map(rg.titleOf) }
    )
  )

// %% [markdown]
// ## What it costs: steps of the environment
//
// Thin labels want more episodes. And a rule that is set by a rate is calibrated in episodes of the learner alone, without labels: those
// count too. So the same losses, over all the steps that a run took in the environment to collect its labels (trials do not count).

// %% jupyter={"source_hidden": true} tags=["hide-input"]
rg.showCommitted(
  rg.panelsFigure(
    {
      title: 'The same losses over the steps of the environment that they cost',
      subtitle: 'Each line from the usual number of episodes to eight times as many.'
    },
    byTask((task) => strategies.map((strategy) => course(task, strategy, (runs) => math.mean(runs.map(({ steps }) => steps))))),
    {
      x: { title: { text: 'steps of the environment' }, type: 'log' },
      y: { title: { text: 'loss' }, rangemode: 'tozero' },
      layout: { height: 440 }
    }
  )
)

// %% [markdown]
// ## Who does not spend the budget?
//
// Labels at the end, mean over the seeds, in percent of the budget. A strategy that queries less than its rate promised has labels left.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
for (const task of rg.paperEnvironments)
  rg.showCommitted(
    new dfd.DataFrame(
      strategies.map((strategy) =>
        Object.fromEntries(
          multiples.map((times) => {
            const share = math.mean(runsOf(task, strategy, times).map(({ queries }) => (100 * queries) / budgetOf(task)))
            return [`${names[task]}, ${times} times`, `${share.toFixed(0)} %`]
          })
        )
      ),
      { index: strategies.map(rg.titleOf) }
    )
  )

// %% [markdown]
// ## The paper's nine within a small budget
//
// A budget that their thresholds do not know: 1,000 labels on Reacher, where DAgger alone would make 3,750. Whoever queries everywhere
// spends them in the first four iterations, and trains on in the others.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const small = Math.min(...spendings.map(({ budget }) => budget))
const ofNine = rg.strategyNames
  .map((strategy) => ({ strategy, runs: runsOf('reacher', strategy, 1, small) }))
  .filter(({ runs }) => runs.length > 0)
  .map(({ strategy, runs }) => ({ strategy, runs, estimate: interval(runs.map(({ loss }) => loss), 'nine', strategy) }))
  .sort((a, b) => a.estimate.value - b.estimate.value)
rg.showCommitted(
  rg.panelsFigure(
    `Reacher, ${small.toLocaleString('en')} labels: ${rg.titleOf(ofNine[0].strategy)} loses least`,
    {
      Reacher: ofNine.flatMap(({ strategy, runs, estimate }) => {
        const { color } = rg.lookOf(strategy)
        const used = math.mean(runs.map(({ queries }) => queries))
        const name = `${rg.titleOf(strategy)} (${used.toFixed(0)} labels)`
        return [
          rg.points(runs.map(({ loss }) => loss), runs.map(() => name), color),
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
// A budget is a field of the protocol, and so is the number of episodes. Random with 600 labels, at four times the episodes:

// %%
const model = await rg.loadExpert('reacher')
const thin = rg.protocolFor('reacher', 'random', model, {
  ...rg.protocolOverrides(),
  trials: 20,
  budget: 600,
  episodes: 20,
  rate: 0.03
})
let end: rg.IterationRecord | undefined
for await (const { record } of rg.experiment(thin, 1)) end = record
await 0
console.log(`${end!.queries} labels, ${end!.steps} steps, loss ${end!.loss.toFixed(2)}`)

// %% [markdown]
// ## What is left
//
// @@LEFT
