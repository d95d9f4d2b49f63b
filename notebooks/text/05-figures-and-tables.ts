// -*- coding: utf-8 -*-
// %% [markdown]
// # From records to Figures 2 and 3, Tables 1 and 2, and a verdict on each claim
//
// Every figure and table of this repository is drawn from *records*: one file a run, computed by `npx radgrad reproduce`, checked by
// `npx radgrad verify`. This notebook goes the whole way, from a file to what the paper concludes, and says of each conclusion
// whether ten seeds bear it out, with our experts and with Berkeley's, which the paper took.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  berkeleyExperts,
  claims,
  comparison,
  contests,
  environments,
  figure,
  final,
  generator,
  hyperparameters,
  inWords,
  judge,
  live,
  loadExpert,
  lossAgainstQueries,
  paperFigure,
  permutation,
  protocolFor,
  readResults,
  recorded,
  resultFolders,
  scale,
  seedCurves,
  show,
  strategiesFor,
  strategyNames,
  table2,
  type Claim,
  type Contest,
  type EnvironmentName,
  type StrategyName,
  type Tasks,
  type Verdict
} from 'radgrad'
const titles = strategiesFor(hyperparameters.reacher)

// %% [markdown]
// ## A record
//
// A record holds its protocol whole, the seed, and what came out: per iteration the queries so far, every trial's return, and how often each
// rule asked, and asked alone. How long it took, and where, stands apart, so that two machines' records can be compared bit for bit.

// %%
const { records, unusable } = await readResults(...resultFolders)
console.log(`${records.size} records, ${unusable.size} files that are not to be used`)
// `scale` changes nothing but in a quick run: npm run reproduce -- --quick
const radgradOnReacher = await recorded(
  protocolFor('reacher', 'loss-gradient', await loadExpert('reacher'), scale)
)
const record = [...records.values()].find(
  ({ protocol, seed }) =>
    seed === 1 && JSON.stringify(protocol) === JSON.stringify(radgradOnReacher)
)!
const later = record.outcome.iterations.slice(1)
show(
  new dfd.DataFrame(
    later.map(({ queries, loss, lossSd, rules }) => ({
      queries,
      loss,
      'SD over trials': lossSd,
      ...Object.fromEntries(
        rules.flatMap(({ reason, asked, alone }) => [
          [`asked for ${reason}`, asked],
          [`for ${reason} alone`, alone]
        ])
      )
    })),
    { index: later.map(({ iteration }) => `iteration ${iteration}`) }
  )
)

// %% [markdown]
// The loss is the expert's return less the policy's, from the same start, mean over a hundred trials. It can be had from the returns:

// %%
const { returns, loss } = final(record.outcome)
const differences = math.subtract(
  record.outcome.expertReturns as number[],
  returns as number[]
) as number[]
console.log(`${math.mean(differences)} from the returns, ${loss} in the record`)

// %% [markdown]
// ## One seed: the paper's Figures 2 and 3
//
// A *contest* is what the nine strategies came to on a task with one seed: same starts, same first weights, same trials. The paper has one.

// %%
const contestsOf = async (environment: EnvironmentName, expert?: string): Promise<Contest[]> => {
  const ours = await recorded(
    protocolFor(environment, 'dagger', await loadExpert(environment), scale)
  )
  return contests(records.values(), expert === undefined ? ours : { ...ours, expert })
}
const reacher = await contestsOf('reacher')
const hopper = await contestsOf('hopper')
console.log(`${reacher.length} seeds of Reacher, ${hopper.length} of Hopper`)
show(paperFigure('Reacher, our expert, seed 1 (the paper’s Figure 2)', reacher[0]))
show(paperFigure('Hopper, our expert, seed 1 (the paper’s Figure 3)', hopper[0]))

// %% [markdown]
// Bands are one standard deviation over trials, as in the paper. They say how much one policy's trials differ, not how much another training
// run would.
//
// ## All seeds
//
// Means over seeds, with 95 % bootstrap intervals: each interval comes from ten thousand draws, with replacement, from the runs.

// %%
show(seedCurves(`Reacher, our expert, ${reacher.length} seeds`, reacher))
show(seedCurves(`Hopper, our expert, ${hopper.length} seeds`, hopper))

// %% [markdown]
// ## What the paper argues about: loss against queries
//
// Down and to the left is better. A line goes from iteration to iteration; the point is its end, with intervals both ways.

// %%
show(lossAgainstQueries(`Reacher, our expert, ${reacher.length} seeds`, reacher))
show(lossAgainstQueries(`Hopper, our expert, ${hopper.length} seeds`, hopper))

// %% [markdown]
// ## Both tasks at once
//
// On the left the interquartile mean, over runs of both tasks, of the share of Supervised's loss that a strategy avoids (0 is Supervised,
// 1 the expert); on the right the probability that a run of it loses less than one of DAgger's. Intervals are from a bootstrap that draws
// seeds anew within each task (Agarwal and others, 2021).

// %%
// tslab overlooks other cells' names in a shorthand { reacher, hopper }
const ours: Tasks = { reacher: reacher, hopper: hopper }
show(comparison('Both tasks, our experts', ours, 'dagger'))

// %% [markdown]
// ## Table 1
//
// The thresholds, out of the protocol itself:

// %%
const { reacher: r, hopper: h } = hyperparameters
show(
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
// The last iteration of each run: means over seeds with 95 % intervals, and the paper's numbers, of one run each, beside them. Efficiency is
// equation 3, printed times $10^4$ as the paper does: what is gained over Supervised, for each query.

// %%
interface PaperRow {
  environment: string
  strategy: StrategyName
  queries: number
  loss: number
  loss_sd: number
  efficiency: number
}
const paper = dfd.toJSON(await dfd.readCSV('../data/paper/table-2.csv')) as PaperRow[]
const order = (environment: EnvironmentName) =>
  paper.filter((row) => row.environment === environment)
const names = order('reacher').map(({ strategy }) => titles[strategy].title)

function besidePaper(environment: EnvironmentName, seeds: readonly Contest[]) {
  const rows = table2(seeds)
  const [losses, efficiencies] = environment === 'reacher' ? [2, 1] : [0, 0]
  return order(environment).map((theirs) => {
    const ours = rows.find(({ strategy }) => strategy === theirs.strategy)!
    return {
      queries: inWords(ours.queries, 0),
      'queries, paper': theirs.queries,
      loss: inWords(ours.loss, losses),
      'loss, paper': `${theirs.loss.toFixed(losses)} ± ${theirs.loss_sd.toFixed(losses)}`,
      efficiency: inWords(ours.efficiency, efficiencies),
      'efficiency, paper': theirs.efficiency
    }
  })
}
console.log('Reacher')
show(new dfd.DataFrame(besidePaper('reacher', reacher), { index: names }))
console.log('Hopper')
show(new dfd.DataFrame(besidePaper('hopper', hopper), { index: names }))

// %% [markdown]
// ## The same with Berkeley's experts
//
// The paper imitated the experts of a Berkeley course. They are not ours to pass on, but records of runs with them are:
// `npx radgrad reproduce --experts FOLDER` makes them, and `npx radgrad verify --experts FOLDER` checks them.

// %%
const quickRun = Object.keys(scale).length > 0
const theirs: Tasks = quickRun
  ? ours
  : {
      reacher: await contestsOf('reacher', berkeleyExperts.reacher),
      hopper: await contestsOf('hopper', berkeleyExperts.hopper)
    }
const whose = quickRun ? 'our expert again: a quick run has no other' : 'Berkeley’s expert'
for (const task of environments) console.log(`${theirs[task].length} seeds of ${task}`)
show(seedCurves(`Reacher, ${whose}, ${theirs.reacher.length} seeds`, theirs.reacher))
show(seedCurves(`Hopper, ${whose}, ${theirs.hopper.length} seeds`, theirs.hopper))
console.log('Reacher')
show(new dfd.DataFrame(besidePaper('reacher', theirs.reacher), { index: names }))
console.log('Hopper')
show(new dfd.DataFrame(besidePaper('hopper', theirs.hopper), { index: names }))

// %% [markdown]
// ## The claims
//
// What the paper concludes, put as numbers that are below zero where it holds, one a seed. If the 95 % interval of their mean lies below
// zero, the claim is supported; if above, contradicted; else the seeds do not decide. A claim of several
// parts is supported only if all are (of *most* strategies, if most are), and the number shown is of the part on which that turns. To match
// DAgger means to keep four fifths of what it gains over Supervised. The list was written before the runs that judge it
// (`lib/analysis/claims.ts`).

// %%
const verdictsBy = (tasks: Tasks) =>
  claims.map((claim) => {
    const { parts, decisive, verdict } = judge(claim, tasks[claim.environment])
    const held = parts.filter((part) => part.verdict === 'supported').length
    return {
      verdict,
      parts: parts.length > 1 ? `${held} of ${parts.length}` : '',
      number: decisive.what,
      mean: inWords(decisive.estimate, Math.abs(decisive.estimate.value) < 100 ? 2 : 0)
    }
  })
const [byOurs, byTheirs] = [verdictsBy(ours), verdictsBy(theirs)]
show(
  new dfd.DataFrame(
    claims.map(({ claim, environment }, i) => ({
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
const count = (verdicts: { verdict: Verdict }[], which: Verdict) =>
  verdicts.filter(({ verdict }) => verdict === which).length
for (const which of ['supported', 'contradicted', 'undecided'] as const)
  console.log(
    `${which}: ${count(byOurs, which)} with our experts, ${count(byTheirs, which)} with Berkeley’s`
  )

// %% [markdown]
// ## How many seeds does it take?
//
// The paper has one run of each. Let us draw fewer seeds than there are, five times for each number, and judge all claims by those alone: how many
// are decided, and how many otherwise than by all seeds?

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
  figure(
    kinds.map(([kind, name, colour]) => ({
      type: 'bar',
      name,
      x: numbers.slice(0, Math.max(1, tallies.length)),
      y: tallies.length > 0 ? tallies.map((tally) => tally[kind]) : [0],
      marker: { color: colour },
      hovertemplate: `%{x} seeds: %{y:.1f} claims ${name}<extra></extra>`
    })),
    {
      title: { text: `What fewer seeds say of the ${claims.length} claims` },
      height: 420,
      barmode: 'stack',
      xaxis: { title: { text: 'seeds' }, range: [0.4, most + 0.6], dtick: 1 },
      yaxis: { title: { text: 'claims, mean of five draws' }, range: [0, claims.length] }
    }
  )

const verdictOf = (claim: Claim, some: readonly number[]) =>
  judge(
    claim,
    some.map((i) => ours[claim.environment][i])
  ).verdict
const redrawTallies = live(drawTallies())
for (const number of numbers) {
  const tally: Tally = { same: 0, undecided: 0, other: 0 }
  for (let draw = 0; draw < 5; draw++) {
    const some = permutation(generator(0, 'fewer seeds', number, draw), most).slice(0, number)
    claims.forEach((claim, i) => {
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
// And how often would two single runs order DAgger and another strategy as the means over all seeds do?

// %%
const agreement = (seeds: readonly Contest[], strategy: StrategyName) => {
  const losses = (name: StrategyName) => seeds.map(({ outcomes }) => final(outcomes[name]).loss)
  const [one, daggers] = [losses(strategy), losses('dagger')]
  const sign = Math.sign(math.mean(one) - math.mean(daggers))
  return math.mean(one.flatMap((a) => daggers.map((b) => Number(Math.sign(a - b) === sign))))
}
const rivals = strategyNames.filter((name) => name !== 'dagger')
show(
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
// ## What was learned
//
// - **What the paper says of Hopper comes back with Berkeley's experts, which it imitated.** DAgger and Random are ahead of all others there, SafeDAgger, its
//   gradient and RadGrad hardly learn, and queries are within a third of the paper's. Two rows of its table do not come back: SD Gr. Random (2122 where it
//   has 606) and Loss (2585, and 1547). On Reacher DAgger, Random, SafeDAgger and both random hybrids lose about what they lose in the paper; Loss
//   does better (1.9, and 3.4), RadGrad (1.4, and 0.7), SD Gradient (1.2, and 0.9) and Supervised (1.0, and 0.8) do worse.
// - **On Hopper the expert decides.** Ours is a network of the same size with nearly the same return. With it DAgger gains a ninth of
//   Supervised's loss where it gains three fifths with Berkeley's, and the random hybrids come out best. A ranking from one expert is a ranking
//   for that expert.
// - **The gradient helps on Reacher, and chance helps again.** SafeDAgger gains from its gradient with either expert, Loss surely only with
//   Berkeley's; leaving half the states to chance lowers the loss of either again, three times of four by more.
// - **RadGrad does not match DAgger on Reacher.** It asks two thirds of DAgger's queries and loses more, on average, than Supervised. Random asks a
//   third and is as good as DAgger or nearly. To match is a strict word here: in the paper's own table neither RadGrad (0.70) nor Random (0.56) keeps four
//   fifths of what DAgger (0.41) gains over Supervised (0.77).
// - **One run each says little.** With our experts, of two single runs on Reacher, one of DAgger and one of Random, the order is that of the
//   means in two of three pairs; of RadGrad on Hopper, in half (with Berkeley's in nine of ten, but of Random there in six). And few seeds are too sure of themselves: with two, the bootstrap decides some three claims
//   in nineteen otherwise than ten seeds do.
