// -*- coding: utf-8 -*-
// %% [markdown]
// # What the paper claims, and what ten seeds with two experts say
//
// The paper has one run of each strategy, with one expert for each task. Does what it concludes from them hold for ten runs, with its own
// experts and with ours? Nineteen of its statements are put as numbers, each below zero where the statement holds, and judged by their 95 %
// intervals over the seeds.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'

// %% [markdown]
// *Results by seed* are the outcomes of the nine strategies on a task with one seed: the same starts, the same initial weights, the same
// trials. They come from *records*, one file for each run, which `npx radgrad reproduce` computes and `npx radgrad verify` checks.

// %%
const { records } = await rg.readResults(...rg.recordFolders())
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const overrides = rg.protocolOverrides()
const seedsOf = async (task: rg.EnvironmentName, expert?: string): Promise<rg.SeedResults[]> => {
  const protocol = await rg.withExpertHash(rg.protocolFor(task, 'dagger', await rg.loadExpert(task), overrides))
  return rg.resultsBySeed(records.values(), expert === undefined ? protocol : { ...protocol, expert })
}
const ours: rg.ResultsByTask = { reacher: await seedsOf('reacher'), hopper: await seedsOf('hopper') }
const quickRun = Object.keys(overrides).length > 0
const theirs: rg.ResultsByTask = quickRun
  ? ours
  : {
      reacher: await seedsOf('reacher', rg.berkeleyExperts.reacher),
      hopper: await seedsOf('hopper', rg.berkeleyExperts.hopper)
    }
const whose = quickRun ? 'our expert again: a quick run has no other' : 'Berkeley’s expert'
for (const task of rg.paperEnvironments)
  console.log(`${task}: ${ours[task].length} seeds with our expert, ${theirs[task].length} with ${whose}`)

// %% [markdown]
// ## The claims
//
// A claim is a number that is below zero where the claim holds. It is supported if the interval of the number's mean lies below zero,
// contradicted if it lies above, and undecided if it holds zero. A claim of several parts is supported if every part is (for "most" claims:
// a majority). To match DAgger means to keep four fifths of its gain over Supervised. The list was written before the runs that judge it
// (`lib/analysis/claims.ts`).

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const verdicts = (tasks: rg.ResultsByTask) => rg.claims.map((claim) => rg.evaluateClaim(claim, tasks[claim.environment]))
const [byOurs, byTheirs] = [verdicts(ours), verdicts(theirs)]
const others = quickRun ? 'our experts again' : 'Berkeley’s experts'
rg.show(rg.claimsFigure({ 'our experts': byOurs, [others]: byTheirs }))

// %% [markdown]
// ## Figures 2 and 3, one run each
//
// As in the paper: Reacher with our expert, and Hopper with Berkeley's, which the paper imitated. (With ours: the README.) Bars are one
// standard deviation over the trials of one policy. They do not say how much another training run would differ. A ring is where the paper's
// own run ended.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
interface PaperRow { environment: string; strategy: rg.StrategyName; queries: number; loss: number; loss_sd: number }
const paper = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/paper/table-2.csv`)) as PaperRow[]
const paperRows = (task: rg.EnvironmentName) => paper.filter((row) => row.environment === task)
const paperEnds = (task: rg.EnvironmentName): rg.PaperEnds =>
  Object.fromEntries(paperRows(task).map(({ strategy, queries, loss, loss_sd }) => [strategy, { queries, loss, lossSd: loss_sd }]))
rg.show(rg.nineFigure('reacher', [ours.reacher[0]], 'The paper’s Figure 2. Our expert, seed 1', paperEnds('reacher')))
rg.show(rg.nineFigure('hopper', [theirs.hopper[0]], `The paper’s Figure 3. With ${whose}, seed 1`, paperEnds('hopper')))

// %% [markdown]
// All seeds, a thin line for each: on Hopper a mean can lie where no run is.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
rg.show(rg.nineFigure('hopper', theirs.hopper, `With ${whose}, ${theirs.hopper.length} seeds`, paperEnds('hopper')))

// %% [markdown]
// ## What the paper argues about: loss for queries
//
// Down and to the left is better. A line goes from iteration to iteration; the point is its end, a mean over the seeds with intervals in
// both directions.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const argument = rg.lossAgainstQueries('reacher', ours.reacher, `Our expert, ${ours.reacher.length} seeds`, paperEnds('reacher'))
rg.show(argument)
rg.show(
  rg.lossAgainstQueries('hopper', theirs.hopper, `With ${whose}, ${theirs.hopper.length} seeds`, paperEnds('hopper'))
)

// %% [markdown]
// A figure is plain data, and its marks are public: a note of your own is one more trace. (The axis of losses is logarithmic; a trace is in
// plain numbers all the same.)

// %%
const least = Math.min(...rg.table2(ours.reacher).map((row) => row.loss.value))
const colour = '#8a4fbf'
const line = rg.line([400, 4500], [least, least], { color: colour, dash: 'dash', width: 1 })
const words = { x: [600], y: [0.85 * least], mode: 'text', text: [`no mean is below ${least.toFixed(2)}`], textfont: { color: colour } }
rg.show({ ...argument, data: [...argument.data, line, words] })

// %% [markdown]
// ## Table 2
//
// The last iteration of each run: means over seeds with 95 % intervals among their seeds, and beside them the paper's numbers, from one run
// each.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
for (const task of rg.paperEnvironments)
  rg.show(rg.table2Figure(task, { 'our expert': ours[task], [quickRun ? 'again' : 'Berkeley’s']: theirs[task] }, paperEnds(task)))

// %% [markdown]
// The numbers are folded here, one click away.

// %% jupyter={"outputs_hidden": true, "source_hidden": true} tags=["hide-input", "hide-output"]
function besidePaper(task: rg.EnvironmentName) {
  const digits = task === 'reacher' ? 2 : 0
  const of = (results: rg.ResultsByTask, strategy: rg.StrategyName) =>
    rg.table2(results[task]).find((row) => row.strategy === strategy)!
  return {
    columns: ['loss, our expert', 'Berkeley’s', 'the paper', 'queries, our expert', 'Berkeley’s ', 'the paper '],
    index: paperRows(task).map(({ strategy }) => rg.titleOf(strategy)),
    values: paperRows(task).map(({ strategy, loss, queries }) => {
      const both = [of(ours, strategy), of(theirs, strategy)]
      return [
        ...both.map((row) => rg.formatEstimate(row.loss, digits)),
        loss.toFixed(digits),
        ...both.map((row) => rg.formatEstimate(row.queries, 0)),
        queries
      ]
    })
  }
}
console.log('Reacher')
rg.show(besidePaper('reacher'))
console.log('Hopper')
rg.show(besidePaper('hopper'))

// %% [markdown]
// ## Both tasks at once
//
// Left: the fraction of Supervised's loss that a strategy avoids (0 is Supervised, 1 the expert), interquartile mean
// over runs of both tasks. Right: the probability that one of its runs has a lower loss than one of DAgger's. The bootstrap for the intervals
// resamples seeds within each task (Agarwal and others, 2021).

// %% jupyter={"source_hidden": true} tags=["hide-input"]
rg.show(rg.comparison('Both tasks', { 'our experts': rg.finalLosses(ours), [others]: rg.finalLosses(theirs) }, 'dagger'))

// %% [markdown]
// ## How many seeds does it take?
//
// Let us draw fewer seeds than there are, five times for each number, and judge all claims by those alone. With all seeds every verdict is
// the final one, by definition; with one seed nothing is decided, as there is no interval.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const most = Math.min(ours.reacher.length, ours.hopper.length)
const numbers = Array.from({ length: most }, (_, i) => i + 1)
const kinds = ['decided as by all seeds', 'undecided', 'decided otherwise'] as const
const colours = ['#7a4fa0', '#6f6f6f', '#c98a00']
const tallies: number[][] = []
const drawTallies = () => {
  const x = numbers.slice(0, Math.max(1, tallies.length))
  return rg.figure(
    kinds.map((kind, i) => ({
      x,
      y: x.map((_, k) => tallies[k]?.[i] ?? 0),
      mode: 'lines+markers+text',
      text: x.map((_, k) => (k === x.length - 1 ? `  ${kind}` : '')),
      textposition: 'middle right',
      textfont: { color: colours[i] },
      line: { color: colours[i], width: 2.5 },
      cliponaxis: false,
      showlegend: false,
      hovertemplate: `%{x} seeds: %{y:.1f} claims ${kind}<extra></extra>`
    })),
    {
      title: {
        text: tallies[1]
          ? `With two seeds ${Math.round(tallies[1][2])} of the ${rg.claims.length} claims are decided otherwise than with ${most}`
          : `What fewer seeds say of the ${rg.claims.length} claims`
      },
      height: 400,
      margin: { l: 60, r: 190, t: 60, b: 55 },
      xaxis: { title: { text: 'seeds (the paper has 1)' }, range: [0.7, most + 0.1], dtick: 1 },
      yaxis: { title: { text: 'claims, mean of five draws' }, range: [-0.5, rg.claims.length + 0.5] }
    }
  )
}
const verdictOf = (claim: rg.Claim, some: readonly number[]) =>
  rg.evaluateClaim(claim, some.map((i) => ours[claim.environment][i])).verdict
const redrawTallies = rg.updatable(drawTallies())
for (const number of numbers) {
  const counts = [0, 0, 0]
  for (let draw = 0; draw < 5; draw++) {
    const some = rg.permutation(rg.generator(0, 'fewer seeds', number, draw), most).slice(0, number)
    rg.claims.forEach((claim, i) => {
      const verdict = verdictOf(claim, Array.from(some))
      counts[verdict === 'undecided' ? 1 : verdict === byOurs[i].verdict ? 0 : 2] += 1 / 5
    })
  }
  tallies.push(counts)
  redrawTallies(drawTallies())
  await new Promise((resolve) => setTimeout(resolve))
}

// %% [markdown]
// How often do two single runs, one of DAgger and one of another strategy, come in the order of the means over all seeds? Half of the pairs
// would by chance.

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const agreement = (seeds: readonly rg.SeedResults[], strategy: rg.StrategyName) => {
  const losses = (name: rg.StrategyName) => seeds.map(({ outcomes }) => rg.finalIteration(outcomes[name]).loss)
  const [one, daggers] = [losses(strategy), losses('dagger')]
  const sign = Math.sign(math.mean(one) - math.mean(daggers))
  return Math.round(100 * math.mean(one.flatMap((a) => daggers.map((b) => Number(Math.sign(a - b) === sign)))))
}
const sources: [string, readonly rg.SeedResults[]][] = [
  ['Reacher, our expert', ours.reacher],
  ['Reacher, Berkeley’s', theirs.reacher],
  ['Hopper, our expert', ours.hopper],
  ['Hopper, Berkeley’s', theirs.hopper]
]
const rivals = rg.strategyNames
  .filter((name) => name !== 'dagger')
  .sort((a, b) => agreement(ours.reacher, b) - agreement(ours.reacher, a))
const shares = rivals.map((name) => sources.map(([, seeds]) => agreement(seeds, name)))
rg.show(
  rg.figure(
    [
      {
        type: 'heatmap',
        x: sources.map(([name]) => name),
        y: rivals.map(rg.titleOf),
        z: shares,
        text: shares.map((row) => row.map((share) => `${share} %`)),
        texttemplate: '%{text}',
        colorscale: [
          [0, '#ffffff'],
          [1, '#7a4fa0']
        ],
        zmin: 50,
        zmax: 100,
        showscale: false,
        hoverinfo: 'skip'
      }
    ],
    {
      title: { text: 'Pairs of single runs in the order of the means, DAgger and another' },
      height: 400,
      xaxis: { side: 'top', ticks: '' },
      yaxis: { autorange: 'reversed', ticks: '' },
      margin: { l: 60, r: 40, t: 90, b: 20 }
    }
  )
)

// %% [markdown]
// ## Conclusions
//
// - **On Reacher the paper's picture comes back, on Hopper in part, with either expert**: on Reacher DAgger is ahead; on Hopper DAgger and
//   Random are, and SafeDAgger, its gradient variant and RadGrad hardly learn. SD Gr. Random and Loss are far better in the paper.
// - **How much is learned on Hopper depends on the expert.** With Berkeley's most learn more than with ours. A ranking from
//   one expert is a ranking for that expert; [notebook 07](07-beyond-the-paper.ipynb) has a third.
// - **The gradient helps on Reacher, and chance helps again**, in the families of SafeDAgger and of Loss.
// - **RadGrad does not match DAgger on Reacher**, and Random nearly does, for a third of the queries.
// - **One run each says little**, and few seeds are overconfident.
//
// **The doubt**: do other rules choose better, at the same cost in queries? [Notebook 07](07-beyond-the-paper.ipynb) sets all of them to
// Random's cost. How the figures here come from records follows as an appendix; how to add a strategy or a task is told in
// [notebook 06](06-your-own-strategy.ipynb).
//
// ## Appendix: a record
//
// A record holds its whole protocol, the seed, and the outcome: for each iteration the queries so far, the return of every trial, and how
// many queries each rule made, with others and alone. Duration and machine stand apart, so that the records of two machines can be compared
// bit for bit. Here is RadGrad's on Reacher, seed 1.

// %%
const model = await rg.loadExpert('reacher')
const radgrad = await rg.withExpertHash(rg.protocolFor('reacher', 'loss-gradient', model, overrides))
const record = [...records.values()].find(
  ({ protocol, seed }) => seed === 1 && JSON.stringify(protocol) === JSON.stringify(radgrad)
)!
const later = record.outcome.iterations.slice(1)
rg.show(
  new dfd.DataFrame(
    later.map(({ iteration, queries, loss, rules }) => ({
      iteration,
      queries,
      loss: loss.toFixed(2),
      ...Object.fromEntries(rules.map(({ reason, alone }) => [`for ${reason} alone`, alone]))
    }))
  )
)

// %% [markdown]
// The loss is the expert's return minus the policy's, from the same start, averaged over a hundred trials. It follows from the returns:

// %%
const { returns, loss } = rg.finalIteration(record.outcome)
const differences = math.subtract(record.outcome.expertReturns as number[], returns as number[]) as number[]
console.log(`${math.mean(differences)} from the returns, ${loss} in the record`)

// %% [markdown]
// ## Appendix: Table 1
//
// The thresholds, as the protocol has them:

// %% jupyter={"source_hidden": true} tags=["hide-input"]
const { reacher: r, hopper: h } = rg.hyperparameters
rg.show({
  columns: ['hyperparameter', 'Reacher', 'Hopper'],
  index: ['Loss', 'Loss Gradient (RadGrad)', 'SafeDAgger', 'SafeDAgger Gradient', 'Random'],
  values: [
    ['τ', r.loss.tau, h.loss.tau],
    ['ε', r.loss.epsilon, h.loss.epsilon],
    ['τ', r.safety.tau, h.safety.tau],
    ['ε', r.safety.epsilon, h.safety.epsilon],
    ['P(query)', r.query, h.query]
  ]
})
