// -*- coding: utf-8 -*-
// %% [markdown]
// # How do I spend a budget of labels?
//
// This series compares *where* rules query, not how thinly. A budget of labels may buy many queries in few episodes, or few
// in each of many: then labels come from more different states, at the price of more steps of the environment, which cost no label.
//
// **On Reacher thinly, where chance takes part; on Hopper it is undecided.** For the same budget four times the episodes take four tenths off the loss of Random and of
// SD Gr. Random on Reacher. Some of that may be who acts, for a rule that queries seldom leaves control to the learner; where the learner acts throughout, twice or
// four times the episodes take a quarter off Random's loss. RadGrad gains little, SafeDAgger loses. Eight times the episodes are too many on Reacher, and on Hopper for the
// two with chance; no other multiple is clearly better there than the usual.
//
// Here four strategies spend one budget in four ways: with the task's usual number of episodes in each iteration, with twice, four and eight
// times as many, each at a rate that spends about the whole budget in fifteen iterations. When it is spent, queries stop, and the iterations
// end as usual. Where a rule does not spend it, the run has fewer labels. The runs are in
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
const many = (times: number) => (times === 1 ? 'usual' : `${times} times`)
const columnOf = (task: rg.PaperEnvironment, times: number) => `${names[task]}, ${many(times)}`
const strategies: rg.StrategyName[] = ['random', 'safedagger-gradient-random', 'loss-gradient', 'safedagger']
const usual: Record<string, number> = {}
for (const task of rg.paperEnvironments) usual[task] = rg.protocolFor(task, 'random', await rg.loadExpert(task)).episodes
const { records } = await rg.readResults(`${rg.dataFolder()}/budget/records`)
/** The iteration that made the last label. */
const spentIn = (iterations: readonly rg.IterationRecord[]) =>
  iterations.find(({ queries }) => queries === iterations[iterations.length - 1].queries)!
/** A run: episodes of an iteration in multiples of the usual number, labels of the first iteration, steps of the environment up to the last label. */
const runs = [...records.values()].map(({ protocol, seed, outcome }) => ({
  task: protocol.environment,
  strategy: protocol.strategy,
  budget: protocol.budget!,
  rate: protocol.rate,
  times: protocol.episodes / usual[protocol.environment],
  seed: seed,
  ...rg.summarizeRun(outcome),
  last: rg.finalIteration(outcome).loss,
  first: outcome.iterations[0].queries,
  steps: spentIn(outcome.iterations).steps!
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
// On Reacher Random and SD Gr. Random lose least with two or four times the usual episodes, whichever iterations count. Between the rules there is as much: at
// the usual episodes they differ by a fifth, at four times by more than half. On Hopper the four together lose less with twice as many by the mean over five
// iterations, not by the last.

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
const atLast = (of: readonly Run[]) => of.map((run) => ({ ...run, loss: run.last }))
const asIs = (of: readonly Run[]) => of
/** The loss with so many times the usual episodes minus that with the usual ones, seed by seed. */
const minusUsual = (task: rg.PaperEnvironment, strategy: rg.StrategyName, times: number, of = asIs) =>
  rg.lossDifferences(of(runsOf(task, strategy, times)), of(runsOf(task, strategy, 1)))
const difference = (task: rg.PaperEnvironment, strategy: rg.StrategyName, times: number, of = asIs) =>
  interval(minusUsual(task, strategy, times, of), 'minus', task, strategy, times)
const better = (task: rg.PaperEnvironment) =>
  strategies.filter((strategy) => difference(task, strategy, 4).high < 0).map(rg.titleOf).join(' and ') || 'no rule'
rg.showCommitted(
  rg.panelsFigure(
    {
      title: `Four times the episodes, same budget: a lower loss for ${better('reacher')} on Reacher, for ${better('hopper')} on Hopper`,
      subtitle: 'Named where the difference is significant. Bars: 95 % intervals over seeds.'
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
// The loss with two, four and eight times the episodes minus the loss with the usual ones, seed by seed; below zero, thin is better. Then the
// same of the last iteration alone: in the four before, runs with the usual episodes do not have all their labels yet.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
for (const task of rg.paperEnvironments)
  for (const [when, of] of [['', asIs], [', last iteration', atLast]] as const) {
    const row = (estimate: (times: number) => rg.Estimate) =>
      Object.fromEntries(multiples.slice(1).map((times) => [columnOf(task, times) + when, rg.formatEstimate(estimate(times), digits(task))]))
    /** Of all four strategies, a mean for each seed. */
    const pooled = (times: number) => {
      const each = strategies.map((strategy) => minusUsual(task, strategy, times, of))
      return interval(each[0].map((_, seed) => rg.mean(each.map((values) => values[seed]))), 'pooled', task, times)
    }
    const rows = strategies.map((strategy) => row((times) => difference(task, strategy, times, of)))
    rg.showCommitted(new dfd.DataFrame([...rows, row(pooled)], { index: [...strategies.map(rg.titleOf), 'mean of the four'] }))
  }

// %% [markdown]
// ## Where do the labels go?
//
// Labels at the end in percent of the budget, mean over the seeds, with the least of ten runs in brackets. Then those of the first iteration, in
// which every state is labelled, whatever the rule; and the rate of the queries in the others.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const percent = (share: number) => `${(100 * share).toFixed(0)} %`
for (const task of rg.paperEnvironments) {
  const row = (of: (times: number) => string) => Object.fromEntries(multiples.map((times) => [columnOf(task, times), of(times)]))
  const spent = (strategy: rg.StrategyName) =>
    row((times) => {
      const shares = runsOf(task, strategy, times).map(({ queries }) => queries / budgetOf(task))
      return `${percent(rg.mean(shares))} (${percent(Math.min(...shares))})`
    })
  const first = row((times) => percent(rg.mean(runsOf(task, 'random', times).map((run) => run.first / budgetOf(task)))))
  const rates = row((times) => `${(100 * runsOf(task, 'random', times)[0].rate!).toFixed(1)} %`)
  rg.showCommitted(
    new dfd.DataFrame([...strategies.map(spent), first, rates], {
      index: [...strategies.map(rg.titleOf), 'of these, in the first iteration', 'rate in the others']
    })
  )
}

// %% [markdown]
// ## Where labels come from, or who acts?
//
// The rate decides one thing more: the expert acts wherever it is asked, so that with the usual episodes on Reacher it drives two steps in three, and with four times
// as many one in ten. So, as a control, Random on Reacher once more with the learner acting throughout, same seeds, same budget
// (`npm run study -- budget-control`).

// %% jupyter={"source_hidden": true} tags=["hide-input"]
interface Control extends rg.RunSummary { times: number }
const control = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/budget/control.csv`)) as Control[]
const learnerActs = (times: number) => control.filter((run) => run.times === times)
const whoActs: [string, (times: number) => readonly rg.RunSummary[]][] = [
  ['the expert, where asked', (times) => runsOf('reacher', 'random', times)],
  ['the learner', learnerActs]
]
const cells = (of: (times: number) => rg.Estimate | undefined) =>
  Object.fromEntries(multiples.map((times) => {
    const estimate = of(times)
    return [many(times), estimate ? rg.formatEstimate(estimate, 2) : '']
  }))
rg.showCommitted(
  new dfd.DataFrame(
    [
      ...whoActs.map(([who, of]) => cells((times) => interval(of(times).map(({ loss }) => loss), 'who', who, times))),
      cells((times) => interval(rg.lossDifferences(learnerActs(times), whoActs[0][1](times)), 'who', times)),
      ...whoActs.map(([who, of]) => cells((times) => (times === 1 ? undefined : interval(rg.lossDifferences(of(times), of(1)), 'minus', who, times))))
    ],
    {
      index: [
        ...whoActs.map(([who]) => `loss, who acts: ${who}`),
        'the second minus the first',
        ...whoActs.map(([who]) => `minus that with the usual episodes: ${who}`)
      ]
    }
  )
)

// %% [markdown]
// Where the learner acts, twice or four times the episodes take a quarter off Random's loss. The rest of the four tenths may be who acts: with the usual
// episodes the learner's acting is ahead by 0.10, though not significantly. One thing more comes with more episodes: labels come earlier, and every iteration
// trains on all labels so far, so that there is more training. That is not told apart here.
//
// ## What it costs: steps of the environment
//
// Thin labels want more episodes. And a rule that is set by a rate is calibrated in episodes of the learner alone, without labels: those
// count too. So the same losses, over the steps that a run took in the environment up to the end of the iteration with its last label (trials do not
// count). On Reacher a calibration is 1,000 steps in each iteration, where the usual episodes are 250; Random needs none.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const meanSteps = (of: readonly Run[]) => rg.mean(of.map(({ steps }) => steps))
const moreSteps = (task: rg.PaperEnvironment) =>
  (meanSteps(runsOf(task, 'random', 4)) / meanSteps(runsOf(task, 'random', 1))).toFixed(1)
rg.showCommitted(
  rg.panelsFigure(
    {
      title: `Four times the episodes cost Random ${moreSteps('reacher')} times the steps on Reacher, ${moreSteps('hopper')} times on Hopper`,
      subtitle: 'The losses of the first figure. 1, 2, 4, 8: the episodes, times the usual.'
    },
    byTask((task) =>
      strategies.map((strategy) => ({
        ...course(task, strategy, meanSteps),
        mode: 'lines+markers+text',
        text: multiples.map(String),
        textposition: 'bottom right',
        textfont: { size: 11 }
      }))
    ),
    {
      x: { title: { text: 'steps of the environment' }, type: 'log', tickvals: [5e3, 1e4, 2e4, 3e4, 5e4, 8e4] },
      y: lossAxes,
      layout: { height: 440 }
    }
  )
)

// %% [markdown]
// ## The paper's nine within a small budget
//
// A budget that their thresholds do not know: 1,000 labels on Reacher, where an unlimited DAgger makes 3,750. Whoever queries everywhere spends them in the
// first four iterations, as RadGrad nearly does, and trains on in the others: identical dots are runs that labelled the same states. Random takes until the
// twelfth iteration or so, the two with chance six to ten; these three lose less than half of what DAgger does. So this ranks, above all, how slowly a rule
// spends.

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
// ## On two more tasks
//
// The runs of HalfCheetah and Walker2d ([notebook 07](07-beyond-the-paper.ipynb)) had no budget, and rules with a critic query in 30 % of the states. But each
// run says what it lost when it had made a number of labels. Here are the losses of the last iteration within the labels that Random makes in all (the most of
// ten runs), and which iteration that is, on average:

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const elsewhere = [...(await rg.readResults(`${rg.dataFolder()}/tasks/records`)).records.values()]
const lossWithin = (task: rg.EnvironmentName, strategy: rg.StrategyName) => {
  const ran = (name: rg.StrategyName) => elsewhere.filter(({ protocol }) => protocol.environment === task && protocol.strategy === name)
  const labels = Math.max(...ran('random').map(({ outcome }) => rg.finalIteration(outcome).queries))
  const last = ran(strategy).map(({ outcome: { iterations } }) => iterations.filter(({ queries }) => queries <= labels).pop()!)
  const loss = interval(last.map(({ loss }) => loss), 'within', task, strategy)
  return `${rg.formatEstimate(loss, 0)}, iteration ${rg.mean(last.map(({ iteration }) => iteration)).toFixed(0)}`
}
rg.showCommitted(
  new dfd.DataFrame(
    rg.strategyNames.map((strategy) => ({ HalfCheetah: lossWithin('halfcheetah', strategy), Walker2d: lossWithin('walker2d', strategy) })),
    { index: rg.strategyNames.map(rg.titleOf) }
  )
)

// %% [markdown]
// On HalfCheetah, where episodes are long, DAgger and Supervised have spent them in their fifth iteration, and lose several times what those do that spread
// them over more; DAgger more than Supervised. Some of that may be training, of which fifteen iterations have more than five. On Walker2d, where learners fall,
// the labels last DAgger longer, and it still loses more than Random.

// %% [markdown]
// ## Try another budget
//
// A budget is a field of the protocol, and so is the number of episodes. Random on Reacher with 1,200 labels, in twice the usual episodes. The first iteration takes 500
// of them; the rate of the rest follows: 700 labels in 14 iterations of 500 steps. (A budget below the first iteration's is spent there, and
// the rule places none.)

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
// Where episodes are cheap and labels are not: query by chance, spread the labels over two to four times as many episodes, and the learner may act. That is
// what Reacher says; on Hopper ten seeds see no effect below a tenth (RadGrad) to a third (Random) of the loss. Not tried: a first iteration that is labelled
// thinly too, another budget, who acts on Hopper.
//
// **The doubt**: would your task, or a rule of yours, spend it better? [Notebook 06](06-your-own-strategy.ipynb) shows how to try.
