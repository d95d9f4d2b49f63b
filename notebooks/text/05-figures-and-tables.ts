// -*- coding: utf-8 -*-
// %% [markdown]
// # From records to Figures 2 and 3, Tables 1 and 2, and a verdict on each claim
//
// Every figure and table of this repository is drawn from *records*. There is one file for each run; `npx radgrad reproduce` computes them,
// and `npx radgrad verify` checks them. This notebook goes the whole way, from a file to the paper's conclusions, and says of each
// conclusion whether ten seeds support it, with our experts and with Berkeley's, which the paper imitated.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'
const titles = rg.paperStrategies(rg.hyperparameters.reacher)

// %% [markdown]
// ## A record
//
// A record holds its whole protocol, the seed, and the outcome: for each iteration the queries so far, the return of every trial, and how
// many queries each rule made, with others and alone. Duration and machine stand apart, so that the records of two machines can be compared
// bit for bit.

// %%
const { records, unusable } = await rg.readResults(...rg.recordFolders())
console.log(`${records.size} records, ${unusable.size} unusable files`)
// no overrides, unless this is a quick run: npm run reproduce -- --quick
const radgradOnReacher = await rg.withExpertHash(
  rg.protocolFor('reacher', 'loss-gradient', await rg.loadExpert('reacher'), rg.protocolOverrides())
)
const record = [...records.values()].find(
  ({ protocol, seed }) =>
    seed === 1 && JSON.stringify(protocol) === JSON.stringify(radgradOnReacher)
)!
const later = record.outcome.iterations.slice(1)
rg.show(
  new dfd.DataFrame(
    later.map(({ queries, loss, lossSd, rules }) => ({
      queries,
      loss,
      'SD over trials': lossSd,
      ...Object.fromEntries(
        rules.flatMap(({ reason, queried, alone }) => [
          [`queries for ${reason}`, queried],
          [`for ${reason} alone`, alone]
        ])
      )
    })),
    { index: later.map(({ iteration }) => `iteration ${iteration}`) }
  )
)

// %% [markdown]
// The loss is the expert's return minus the policy's, from the same start, averaged over a hundred trials. It follows from the returns:

// %%
const { returns, loss } = rg.finalIteration(record.outcome)
const differences = math.subtract(
  record.outcome.expertReturns as number[],
  returns as number[]
) as number[]
console.log(`${math.mean(differences)} from the returns, ${loss} in the record`)

// %% [markdown]
// ## One seed: the paper's Figures 2 and 3
//
// *Results by seed* are the outcomes of the nine strategies on a task with one seed: the same starts, the same initial weights, the same
// trials. The paper has one seed.

// %%
const seedsOf = async (environment: rg.EnvironmentName, expert?: string): Promise<rg.SeedResults[]> => {
  const ours = await rg.withExpertHash(
    rg.protocolFor(environment, 'dagger', await rg.loadExpert(environment), rg.protocolOverrides())
  )
  return rg.resultsBySeed(records.values(), expert === undefined ? ours : { ...ours, expert })
}
const reacher = await seedsOf('reacher')
const hopper = await seedsOf('hopper')
console.log(`${reacher.length} seeds of Reacher, ${hopper.length} of Hopper`)
rg.show(rg.paperFigure('Reacher, our expert, seed 1 (the paper’s Figure 2)', reacher[0]))
rg.show(rg.paperFigure('Hopper, our expert, seed 1 (the paper’s Figure 3)', hopper[0]))

// %% [markdown]
// Bands are one standard deviation over trials, as in the paper. They say how much the trials of one policy differ, and not how much
// another training run would.
//
// ## All seeds
//
// Means over seeds, with 95 % bootstrap intervals. Each interval comes from ten thousand resamples of the runs, with replacement.

// %%
rg.show(rg.seedCurves(`Reacher, our expert, ${reacher.length} seeds`, reacher))
rg.show(rg.seedCurves(`Hopper, our expert, ${hopper.length} seeds`, hopper))

// %% [markdown]
// ## What the paper argues about: loss against queries
//
// Down and to the left is better. A line goes from iteration to iteration; the point is its end, with intervals in both directions.

// %%
rg.show(rg.lossAgainstQueries(`Reacher, our expert, ${reacher.length} seeds`, reacher))
rg.show(rg.lossAgainstQueries(`Hopper, our expert, ${hopper.length} seeds`, hopper))

// %% [markdown]
// ## Both tasks at once
//
// Left: the fraction of Supervised's loss that a strategy avoids (0 is Supervised, 1 the expert), interquartile mean over runs of both
// tasks. Right: the probability that one of its runs has a lower loss than one of DAgger's. The bootstrap for the intervals resamples seeds
// within each task (Agarwal and others, 2021).

// %%
// tslab overlooks other cells' names in a shorthand { reacher, hopper }
const ours: rg.ResultsByTask = { reacher: reacher, hopper: hopper }
rg.show(rg.comparison('Both tasks, our experts', ours, 'dagger'))

// %% [markdown]
// ## Table 1
//
// The thresholds, as the protocol has them:

// %%
const { reacher: r, hopper: h } = rg.hyperparameters
rg.show(
  new dfd.DataFrame([
    { algorithm: 'Loss', hyperparameter: 'τ', Reacher: r.loss.tau, Hopper: h.loss.tau },
    {
      algorithm: 'Loss Gradient (RadGrad)',
      hyperparameter: 'ε',
      Reacher: r.loss.epsilon,
      Hopper: h.loss.epsilon
    },
    { algorithm: 'SafeDAgger', hyperparameter: 'τ', Reacher: r.safety.tau, Hopper: h.safety.tau },
    {
      algorithm: 'SafeDAgger Gradient',
      hyperparameter: 'ε',
      Reacher: r.safety.epsilon,
      Hopper: h.safety.epsilon
    },
    { algorithm: 'Random', hyperparameter: 'P(query)', Reacher: r.query, Hopper: h.query }
  ])
)

// %% [markdown]
// ## Table 2
//
// The last iteration of each run: means over seeds with 95 % intervals, and beside them the paper's numbers, from one run each. Efficiency
// is equation 3, printed times $10^4$ as in the paper: the gain over Supervised per query.

// %%
interface PaperRow {
  environment: string
  strategy: rg.StrategyName
  queries: number
  loss: number
  loss_sd: number
  efficiency: number
}
const paper = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/paper/table-2.csv`)) as PaperRow[]
const order = (environment: rg.EnvironmentName) =>
  paper.filter((row) => row.environment === environment)
const names = order('reacher').map(({ strategy }) => titles[strategy].title)

function besidePaper(environment: rg.EnvironmentName, seeds: readonly rg.SeedResults[]) {
  const rows = rg.table2(seeds)
  const [losses, efficiencies] = environment === 'reacher' ? [2, 1] : [0, 0]
  return order(environment).map((theirs) => {
    const ours = rows.find(({ strategy }) => strategy === theirs.strategy)!
    return {
      queries: rg.formatEstimate(ours.queries, 0),
      'queries, paper': theirs.queries,
      loss: rg.formatEstimate(ours.loss, losses),
      'loss, paper': `${theirs.loss.toFixed(losses)} ± ${theirs.loss_sd.toFixed(losses)}`,
      efficiency: rg.formatEstimate(ours.efficiency, efficiencies),
      'efficiency, paper': theirs.efficiency
    }
  })
}
console.log('Reacher')
rg.show(new dfd.DataFrame(besidePaper('reacher', reacher), { index: names }))
console.log('Hopper')
rg.show(new dfd.DataFrame(besidePaper('hopper', hopper), { index: names }))

// %% [markdown]
// ## The same with Berkeley's experts
//
// The paper imitated the experts of a Berkeley course. They are not ours to pass on, but the records of runs with them are: `npx radgrad
// reproduce --experts FOLDER` computes them, and `npx radgrad verify --experts FOLDER` checks them.

// %%
const quickRun = Object.keys(rg.protocolOverrides()).length > 0
const theirs: rg.ResultsByTask = quickRun
  ? ours
  : {
      reacher: await seedsOf('reacher', rg.berkeleyExperts.reacher),
      hopper: await seedsOf('hopper', rg.berkeleyExperts.hopper)
    }
const whose = quickRun ? 'our expert again: a quick run has no other' : 'Berkeley’s expert'
for (const task of rg.paperEnvironments) console.log(`${theirs[task].length} seeds of ${task}`)
rg.show(rg.seedCurves(`Reacher, ${whose}, ${theirs.reacher.length} seeds`, theirs.reacher))
rg.show(rg.seedCurves(`Hopper, ${whose}, ${theirs.hopper.length} seeds`, theirs.hopper))
console.log('Reacher')
rg.show(new dfd.DataFrame(besidePaper('reacher', theirs.reacher), { index: names }))
console.log('Hopper')
rg.show(new dfd.DataFrame(besidePaper('hopper', theirs.hopper), { index: names }))

// %% [markdown]
// ## The claims
//
// Each conclusion of the paper is put as a number that is below zero where the conclusion holds, one for each seed. If the 95 % interval of
// its mean lies below zero, the claim is supported; if above, contradicted; otherwise the seeds do not decide.
//
// A claim of several parts is supported if every part is (for "most" claims: a majority). The table shows the part that decides. To match
// DAgger means to keep four fifths of its gain over Supervised. The list was written before the runs that judge it
// (`lib/analysis/claims.ts`).

// %%
const verdictsBy = (tasks: rg.ResultsByTask) =>
  rg.claims.map((claim) => {
    const { parts, decisive, verdict } = rg.evaluateClaim(claim, tasks[claim.environment])
    const held = parts.filter((part) => part.verdict === 'supported').length
    return {
      verdict,
      parts: parts.length > 1 ? `${held} of ${parts.length}` : '',
      number: decisive.what,
      mean: rg.formatEstimate(decisive.estimate, Math.abs(decisive.estimate.value) < 100 ? 2 : 0)
    }
  })
const [byOurs, byTheirs] = [verdictsBy(ours), verdictsBy(theirs)]
rg.show(
  new dfd.DataFrame(
    rg.claims.map(({ claim, environment }, i) => ({
      task: environment,
      'the paper’s claim': claim,
      verdict: byOurs[i].verdict,
      'parts that hold': byOurs[i].parts,
      number: byOurs[i].number,
      'mean and interval': byOurs[i].mean,
      'Berkeley’s experts': byTheirs[i].verdict
    }))
  )
)
const count = (verdicts: { verdict: rg.Verdict }[], which: rg.Verdict) =>
  verdicts.filter(({ verdict }) => verdict === which).length
for (const which of ['supported', 'contradicted', 'undecided'] as const)
  console.log(
    `${which}: ${count(byOurs, which)} with our experts, ${count(byTheirs, which)} with Berkeley’s`
  )

// %% [markdown]
// ## How many seeds does it take?
//
// The paper has one run of each strategy. Let us draw fewer seeds than there are, five times for each number, and judge all claims by those
// alone. How many are decided, and how many differently than by all seeds?

// %%
interface Tally {
  same: number
  undecided: number
  other: number
}
const kinds: [keyof Tally, string, string][] = [
  ['same', 'decided as by all seeds', '#0072b2'],
  ['undecided', 'undecided', '#bbbbbb'],
  ['other', 'decided otherwise', '#d55e00']
]
const most = Math.min(reacher.length, hopper.length)
const numbers = Array.from({ length: most }, (_, i) => i + 1)
const tallies: Tally[] = []
const drawTallies = () =>
  rg.figure(
    kinds.map(([kind, name, colour]) => ({
      type: 'bar',
      name,
      x: numbers.slice(0, Math.max(1, tallies.length)),
      y: tallies.length > 0 ? tallies.map((tally) => tally[kind]) : [0],
      marker: { color: colour },
      hovertemplate: `%{x} seeds: %{y:.1f} claims ${name}<extra></extra>`
    })),
    {
      title: { text: `What fewer seeds say of the ${rg.claims.length} claims` },
      height: 420,
      barmode: 'stack',
      xaxis: { title: { text: 'seeds' }, range: [0.4, most + 0.6], dtick: 1 },
      yaxis: { title: { text: 'claims, mean of five draws' }, range: [0, rg.claims.length] }
    }
  )

const verdictOf = (claim: rg.Claim, some: readonly number[]) =>
  rg.evaluateClaim(
    claim,
    some.map((i) => ours[claim.environment][i])
  ).verdict
const redrawTallies = rg.updatable(drawTallies())
for (const number of numbers) {
  const tally: Tally = { same: 0, undecided: 0, other: 0 }
  for (let draw = 0; draw < 5; draw++) {
    const some = rg.permutation(rg.generator(0, 'fewer seeds', number, draw), most).slice(0, number)
    rg.claims.forEach((claim, i) => {
      const verdict = verdictOf(claim, Array.from(some))
      const kind =
        verdict === 'undecided' ? 'undecided' : verdict === byOurs[i].verdict ? 'same' : 'other'
      tally[kind] += 1 / 5
    })
  }
  tallies.push(tally)
  redrawTallies(drawTallies())
  await new Promise((resolve) => setTimeout(resolve))
}

// %% [markdown]
// How often do two single runs, one of DAgger and one of another strategy, come in the order of the means over all seeds?

// %%
const agreement = (seeds: readonly rg.SeedResults[], strategy: rg.StrategyName) => {
  const losses = (name: rg.StrategyName) => seeds.map(({ outcomes }) => rg.finalIteration(outcomes[name]).loss)
  const [one, daggers] = [losses(strategy), losses('dagger')]
  const sign = Math.sign(math.mean(one) - math.mean(daggers))
  return math.mean(one.flatMap((a) => daggers.map((b) => Number(Math.sign(a - b) === sign))))
}
const rivals = rg.strategyNames.filter((name) => name !== 'dagger')
rg.show(
  new dfd.DataFrame(
    rivals.map((name) => ({
      'Reacher, %': Math.round(100 * agreement(reacher, name)),
      'Hopper, %': Math.round(100 * agreement(hopper, name)),
      'Reacher, Berkeley’s expert, %': Math.round(100 * agreement(theirs.reacher, name)),
      'Hopper, Berkeley’s expert, %': Math.round(100 * agreement(theirs.hopper, name))
    })),
    { index: rivals.map((name) => titles[name].title) }
  )
)

// %% [markdown]
// ## Conclusions
//
// - **What the paper says of Hopper comes back with Berkeley's experts, which it imitated.** DAgger and Random are ahead of all others
//   there; SafeDAgger, its gradient variant and RadGrad hardly learn; and queries are within a third of the paper's. Two rows of its table
//   do not come back: SD Gr. Random (2122, and 606 in the paper) and Loss (2585, and 1547). On Reacher, DAgger, Random, SafeDAgger and both
//   random hybrids have about the paper's loss. Loss does better (1.9, and 3.4 in the paper); RadGrad (1.4, and 0.7), SD Gradient (1.2, and
//   0.9) and Supervised (1.0, and 0.8) do worse.
// - **On Hopper the expert decides.** Ours is a network of the same size with nearly the same return. With it DAgger avoids a ninth of
//   Supervised's loss, where it avoids three fifths with Berkeley's; and the random hybrids come out best. A ranking from one expert is a
//   ranking for that expert.
// - **The gradient helps on Reacher, and chance helps again.** SafeDAgger gains from its gradient with either expert; Loss gains
//   significantly (the 95 % interval excludes zero) only with Berkeley's. Leaving half the states to chance lowers the loss of either
//   again, and by more in three of four cases.
// - **RadGrad does not match DAgger on Reacher.** It makes two thirds of DAgger's queries and has, on average, a higher loss than
//   Supervised. Random makes a third of them and is as good as DAgger, or nearly. To match is a strict word here: in the paper's own table
//   neither RadGrad (0.70) nor Random (0.56) keeps four fifths of what DAgger (0.41) gains over Supervised (0.77).
// - **One run each says little.** With our experts, one run of DAgger and one of Random on Reacher come in the order of the means in two of
//   three pairs; with RadGrad on Hopper, in half (with Berkeley's expert in nine of ten, but with Random there in six). Few seeds are also
//   overconfident: with two, the bootstrap decides about three claims of nineteen differently than with ten.
