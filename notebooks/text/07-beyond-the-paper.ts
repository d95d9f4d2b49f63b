// -*- coding: utf-8 -*-
// %% [markdown]
// # Beyond the paper
//
// The paper compares RadGrad with SafeDAgger alone. In its section 5 it asks for gradients in the other descendants of DAgger, for several
// agents of each algorithm, for a real search over thresholds on Hopper, and for a word on weighting instead of chance. This notebook adds
// those other algorithms, declared as the paper's nine are, compares all of them by their cost in queries, and answers five questions, each
// with an experiment and a figure.
//
// The results below are with our experts: means over the last five iterations with twenty trials each, over ten seeds unless it says
// otherwise; brackets hold 95 % intervals. *Significant* means that the 95 % interval excludes zero (for a ratio, one). There is no
// correction for multiple comparisons, so one or another is significant by luck.
//
// - **At Random's cost no rule is significantly better than querying at random.** Each rule has the best of eight thresholds. It was chosen
//   on three seeds, among the thresholds that cost at most a tenth more queries than Random, if there is any; on the ten seeds it then
//   costs 0.5 to 1.6 times as much. On Reacher the loss of Random is 0.82 (0.75 … 0.90). That of the two rules that leave half of the
//   states to chance, SD Gr. Random and Loss Gr. Random, is 0.86 and 0.91, and that of all other rules that choose where to query is 1.17
//   to 2.69. On Hopper Random's is 2644 (2354 … 2940), that of the same two 2646 and 2686 with two thirds of its queries, and that of the
//   others 2778 to 3615; five of these are not significantly worse than Random. With a third more queries than Random's, the two that leave
//   half to chance have a lower loss there, by 499 (76 … 973) and 566 (171 … 984). LazyDAgger, which makes the most queries of all these,
//   has Supervised's loss on Hopper.
// - **The gradient helps significantly in three cases of twelve, and harms significantly in none.** The interval of the difference lies
//   below zero for BAgger on Reacher, -0.28 (-0.47 … -0.05); for ThriftyDAgger there, -0.28 (-0.44 … -0.10), with a tenth more queries; and
//   for SafeDAgger on Hopper, -444 (-778 … -87), with a third more. Three of twelve are more than luck alone should give, but nobody can
//   say which of them are luck. The losses of Loss, EnsembleDAgger and LazyDAgger do not change significantly on either task.
// - **A rule that queries in every state can gain by choosing who controls, at the right distance.** DropoutDAgger and the full
//   EnsembleDAgger query everywhere, and execute the expert's action where the learner is uncertain or far from it. On Reacher their losses
//   are 0.60 (0.53 … 0.67) and 0.59 (0.52 … 0.66), significantly lower than the 0.89 of DAgger, which makes as many queries: by 0.29 (0.17
//   … 0.44) and 0.30 (0.18 … 0.44). Theirs is the best of eight distances, sixteen times that of Table 1; with Table 1's own the losses are
//   1.20 and 1.10 (three seeds). On Hopper the full EnsembleDAgger has a loss of 1868 (1624 … 2107), the lowest of the rules' bests, with
//   seven times Random's queries. DropoutDAgger has a distance that was just within Random's cost when it was chosen (1.3 times as much on
//   the ten seeds). There its loss is 3244, lower than DAgger's by 102 (3 … 232).
// - **1. The loss gradient does not predict the true error better than the predicted loss.** On Reacher neither predicts it. In finding the
//   fifth of the states with the largest errors of the learner, their average precision is 0.21 (0.20 … 0.22) and 0.22 (0.20 … 0.23); a
//   random score has 0.20. On Hopper the predicted loss does, 0.50 (0.44 … 0.56), and its gradient hardly, 0.29 (0.26 … 0.31), lower by
//   0.21 (0.17 … 0.26). There, with Table 1's thresholds, the learner is further from the expert than Loss's τ in 0.55 of the states. The
//   predicted loss has a precision of 0.97 and a recall of 0.27 in finding these, its gradient 0.66 and 0.37. The ensemble variance has an
//   average precision of 0.37 and 0.69 on the two tasks, the neighbour distance 0.47 and 0.76.
// - **2. Risk-aware rules do not shift the data towards risky states on Reacher late, nor significantly early; on Hopper some do.** Each
//   queries in 15 % of the states; early is iterations 2 to 5, late 11 to 15. On Reacher, late, all of them query where the learner's error
//   is significantly smaller than in the states it visits, 0.66 to 0.82 times; early it is significantly larger for none. On Hopper it is
//   significantly larger for EnsembleDAgger, early, 1.33 (1.22 … 1.45), and late, 1.13 (1.08 … 1.19), and for RadGrad, late, 1.12 (1.04 …
//   1.19); never for Loss, BAgger, SafeDAgger and SD Gradient; and for LazyDAgger and ThriftyDAgger it is smaller throughout. By the risk
//   of falling within fifty steps two shift the data early, ThriftyDAgger, 1.22 (1.01 … 1.47), and EnsembleDAgger, 1.06 (1.03 … 1.10). Late
//   four do: ThriftyDAgger, 2.26 (1.90 … 2.63), whose failure probability is learned from just such falls, EnsembleDAgger, 1.34 (1.17 …
//   1.52), RadGrad, 1.28 (1.13 … 1.44), and BAgger, 1.24 (1.03 … 1.45); the others not significantly. CRSAIL, which knows of no risk, late
//   queries states with 1.14 and 2.02 times the average error, and 1.60 times as many of them are risky, yet its loss is higher than most:
//   states with a high error are not yet the most useful ones to label. (CRSAIL also never lets the expert act.)
// - **3. Weighting does not recover what chance gives.** All rules are set to query in 30 % of the states. Weights, by our reading of the
//   paper's hint, change the loss of RadGrad by -0.13 (-0.56 … 0.29) on Reacher and -142 (-610 … 394) on Hopper, that of SD Gradient by
//   -0.04 (-0.25 … 0.21) and -294 (-802 … 209). Chance in half of the states changes them by -0.61 and -716, and by -0.62 and -700,
//   significantly, for as many queries. Chance is significantly better than the weights in all cases but SD Gradient on Hopper.
// - **4. No reading of the gradient is significantly best.** At 30 % again, on Reacher RadGrad's loss is a sixth lower with the Jacobian or
//   the gradient of the sum than with the gradient of the norm, on average and for as many queries. On Hopper it is lowest with the
//   gradient of the norm, and the Jacobian makes 1.3 times the queries. SafeDAgger's loss is lower with the gradient of the probability
//   than with that of the logit on both tasks, on average, for somewhat more queries. Ten seeds decide none of this.
// - **5. Another expert changes the ranking: a little on Reacher, where both are equally robust to noise, perhaps more on Hopper, where
//   they are not.** Kendall's $\tau$ between the orders of the nine is 0.72 and 0.50; that it is lower on Hopper, by 0.22 (-0.08 … 0.33),
//   is not significant. Five seeds with the one expert and five with the other agree to 0.67 and 0.38, five and five with the same expert
//   to 0.80 and 0.85 on Reacher, 0.93 and 0.72 on Hopper. Two experts for each task are too few to attribute this to their robustness to
//   noise.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import * as rg from 'radgrad'
const names: Record<rg.PaperEnvironment, string> = { reacher: 'Reacher', hopper: 'Hopper' }

// %% [markdown]
// ## The related algorithms, in the same words
//
// A strategy says when the expert is queried, who controls the environment, and which critic is trained beside the policy. The algorithms
// that the paper cites, and their successors, need three things more. Control may depend on the expert's action, which then costs a query
// in every state. The expert may keep control until it releases it. And a critic may have several networks, or none.
//
// | | queries where | who controls | source |
// |---|---|---|---|
// | DropoutDAgger | everywhere | the expert, where fewer than nine in ten dropout samples of the policy are near its action | Menda and others, 2017, [1709.06166](https://arxiv.org/abs/1709.06166) |
// | BAgger | the 90 % quantile of the predicted loss, over ten dropout samples, is large | the expert, where queried | Cronrath and others, 2018, *BAgger: A Bayesian algorithm for safe and query-efficient imitation learning* |
// | EnsembleDAgger | five networks, each with a bootstrap of its own, disagree | the expert, where queried | Menda and others, 2019, [1807.08364](https://arxiv.org/abs/1807.08364) |
// | EnsembleDAgger, full | everywhere | the expert, where they disagree or the learner is not near its action | the same |
// | LazyDAgger | the safety network predicts a risk above one half | the expert, until the learner is within half the distance that counts as unsafe | Hoque and others, 2021, [2104.00053](https://arxiv.org/abs/2104.00053) |
// | ThriftyDAgger | the ensemble disagrees, or success is improbable | the expert, until the learner is near and success is probable | Hoque and others, 2021, [2109.08273](https://arxiv.org/abs/2109.08273) |
// | CRSAIL | the fifth nearest labelled state is far | the learner | Firouzkouhi and others, 2025, [2512.00453](https://arxiv.org/abs/2512.00453) |
//
// Every label is a query. DropoutDAgger and the full EnsembleDAgger make one in every state, LazyDAgger and ThriftyDAgger wherever the
// expert has control, the others where their rule says so.
//
// These are our readings, and not the originals in every respect. The learner is the paper's network in each, trained as the paper's is;
// the originals let an ensemble or the mean of samples act, and train from scratch. Distances that the originals chose for tasks of their
// own are Table 1's, and so are the thresholds of gradients, unless they are set by a rate. In particular:
//
// - DropoutDAgger and BAgger sample dropout once an iteration, where the original does so in each state. (We could not read BAgger's text:
//   its rule is our reading of what the paper and others tell.)
// - EnsembleDAgger's five networks are small, with two layers of 64 units. One distance sets both thresholds of the full rule; its square
//   is the variance allowed, also in the rule by ensemble variance alone. The gradient is the variance's, and Table 1's $\varepsilon$ is
//   strict for that.
// - LazyDAgger's safety network sees the proposed action too, as the paper's SafeDAgger does, and is trained on the same states as the
//   policy; no noise is added to the expert's actions.
// - ThriftyDAgger's success is our choice: a tip within two centimetres of the target at the end, or fifty more steps without a fall. Its
//   one Q function is trained on how episodes ended, whoever acted in them, without discount. Its two thresholds are set together, by the
//   fraction of the states visited by the learner alone in which they would query. The expert releases control where success is at least as
//   probable as in half of the states.
// - CRSAIL's radius is set anew before each iteration, where the original sets it once. So ours queries in as large a fraction late as
//   early, the original in fewer states the more it has labelled. Within an iteration it does not know the states that it has just
//   labelled.
//
// Without a rate, ThriftyDAgger queries in 1 % of the states and CRSAIL in 5 %, DropoutDAgger draws ten samples, and the others use Table
// 1.
//
// Where a score has a gradient, there is a variant that queries where that is large too, as RadGrad does for the predicted loss;
// ThriftyDAgger has two scores, and its variant takes the gradient of the failure probability's logit. Two rules have none. The gradient of
// a distance has length one almost everywhere, in the units that the distance is measured in. And a rule that compares with the expert's
// action knows it in the present state, and in no other.

// %%
const related: Record<string, rg.QueryStrategy> = rg.relatedStrategies(rg.hyperparameters.reacher)
rg.show(
  new dfd.DataFrame(
    rg.relatedNames.map((name) => {
      const { rule, control, critic, release } = related[name]
      return {
        'queries by': rule.reasons.join(', '),
        'who controls':
          control === rg.expertWhenQueried ? 'expert, when queried' : control === rg.learnerThroughout ? 'learner' : 'by the label',
        critic: critic?.name ?? '',
        'keeps control': release ? 'yes' : '',
        'queries in every state': rule.reasons.includes('always') ? 'yes' : ''
      }
    }),
    { index: rg.relatedNames.map(rg.titleOf) }
  )
)

// %% [markdown]
// One of them at work, run as any strategy is. Its queries are counted by reason; *expertControl* is a query because the expert has not
// released control. The rule is set to query in a tenth of the states that the learner visits alone; in one iteration it may make far more
// or fewer queries.

// %%
const thrifty = rg.protocolFor('reacher', 'thriftydagger', await rg.loadExpert('reacher'), {
  ...rg.protocolOverrides(),
  rate: 0.1,
  trials: 10
})
const course: Record<string, number>[] = []
for await (const { record } of rg.experiment(thrifty, 1)) {
  const counts = record.rules.map(({ reason, queried }) => [`queried: ${reason}`, queried])
  if (record.iteration > 1)
    course.push({ iteration: record.iteration, queries: record.queries, ...Object.fromEntries(counts) })
}
await 0
rg.show(new dfd.DataFrame(course.filter(({ iteration }) => iteration % 3 === 0 || iteration === 4)))

// %% [markdown]
// ## Comparison by cost
//
// A threshold on a predicted loss and one on an ensemble variance have nothing in common, and neither transfers from one task to the next.
// Their cost in queries does. So let each threshold be set by a rate. Before every iteration but the first, the learner acts alone in
// twenty episodes, without queries (they cost steps, but no labels). The threshold of a score $\sigma$ is then the quantile $q$ of its
// values there,
//
// $$\tau = \sigma_{(q)}, \qquad P\left(\sigma_1 > \sigma_{1(q)} \text{ or } \sigma_2 > \sigma_{2(q)}\right) \le r,$$
//
// with the same $q$ for all scores of a rule, so that together they query in a fraction $r$ of those states. Ties at the threshold are
// broken at random so that the fraction is exact. (Ties are many: a network whose last units are dead gives the same value for most
// states.) The number of queries in the end differs, as the states do, and by far more where the expert keeps control: a rate of 45 % on
// Hopper is 5,700 queries for CRSAIL and 81,000 for ThriftyDAgger with its gradient. The rate sets only where the expert takes over; where
// it releases control is the rule's own. So everything below is drawn against the queries that were counted.
//
// Thresholds are chosen with eight rates for each rule, from 1 to 45 %, on three seeds each; DropoutDAgger and the full EnsembleDAgger,
// which query everywhere, have eight distances instead. Each rule's best is the threshold with the lowest loss among those that made at
// most a tenth more queries than Random with the paper's 30 % (among all, where none did). It is then run on ten seeds that had no part in
// the choice. Its queries on those may be somewhat more again, or much fewer; they stand beside the loss. The loss is the mean over the
// last five iterations with twenty trials each, since on Hopper a single iteration says little. All trials begin in the same twenty states,
// also those for choosing. On Hopper queries are an outcome as well as a cost: a learner that falls early visits fewer states to query in.

// %%
const { records } = await rg.readResults(`${rg.dataFolder()}/beyond/records`)
const all = await rg.sweepPoints(records.values())
const ofTask = (task: rg.PaperEnvironment, of: readonly rg.SweepPoint[] = all) =>
  of.filter(({ protocol }) => protocol.environment === task)
const choosing = rg.withSeeds(all, (seed) => rg.choosingSeeds.includes(seed))
const results = rg.withSeeds(all, (seed) => rg.resultSeeds.includes(seed))
const same = (a: rg.SweepPoint) => (b: rg.SweepPoint) => a.protocol === b.protocol
const budget = (task: rg.PaperEnvironment) => rg.queryBudget(ofTask(task, choosing))
const chosen = (task: rg.PaperEnvironment) => rg.chooseThresholds(ofTask(task, choosing))
/** Returns the runs on the result seeds of points that were chosen on the other seeds. */
const onResultSeeds = (points: readonly rg.SweepPoint[]) => points.flatMap((point) => results.filter(same(point)))
const best: Record<rg.PaperEnvironment, rg.SweepPoint[]> = {
  reacher: onResultSeeds(chosen('reacher')),
  hopper: onResultSeeds(chosen('hopper'))
}
rg.showCommitted(
  new dfd.DataFrame(
    rg.paperEnvironments.map((task) => ({
      runs: ofTask(task).reduce((sum, { runs }) => sum + runs.length, 0),
      'rules with a whole sweep': new Set(
        ofTask(task, choosing)
          .filter(({ runs }) => runs.length === rg.choosingSeeds.length)
          .map(({ protocol }) => protocol.strategy)
      ).size,
      'rules with ten seeds of their best': best[task].filter(({ runs }) => runs.length === rg.resultSeeds.length).length
    })),
    { index: rg.paperEnvironments.map((task) => names[task]) }
  )
)

// %%
const nine = async (task: rg.PaperEnvironment): Promise<rg.SeedResults[]> => {
  const { records } = await rg.readResults(`${rg.dataFolder()}/results`)
  return rg.resultsBySeed(records.values(), await rg.withExpertHash(rg.protocolFor(task, 'dagger', await rg.loadExpert(task))))
}
const ours: Record<rg.PaperEnvironment, rg.SeedResults[]> = {
  reacher: await nine('reacher'),
  hopper: await nine('hopper')
}
/** Summarizes runs of the paper's protocol by the first twenty of their trials, which have the starts of all others here. */
const paperRuns = (task: rg.PaperEnvironment, name: 'dagger' | 'supervised') =>
  ours[task].map(({ seed, outcomes }) => ({ seed, ...rg.summarizeRun(outcomes[name], rg.studyTrials) }))
const level = (...of: Parameters<typeof paperRuns>) => math.mean(paperRuns(...of).map(({ loss }) => loss))
const levels = (task: rg.PaperEnvironment) => ({
  DAgger: level(task, 'dagger'),
  Supervised: level(task, 'supervised')
})
rg.showCommitted(
  rg.frontCurves(
    'Reacher: loss against queries, eight thresholds a rule',
    ofTask('reacher', choosing),
    best.reacher,
    levels('reacher')
  )
)
rg.showCommitted(
  rg.frontCurves(
    'Hopper: loss against queries, eight thresholds a rule',
    ofTask('hopper', choosing),
    best.hopper,
    levels('hopper')
  )
)

// %% [markdown]
// Down and to the left is better. Random is grey, and the same in every panel. Lines are means of three seeds, bands go from the lowest to
// the highest of them; large points are a rule's best on ten other seeds, with 95 % intervals. Three seeds may all be lucky: the loss of
// Random's three at 30 % is 1708 on Hopper, that of its ten 2644. Losses far above Random's leave the panel at its top. A rule that queries
// everywhere makes 3750 queries on Reacher, at any distance. The first iteration, labelled throughout, counts as queries, as in the paper.

// %%
const interval = (values: readonly number[], ...key: (string | number)[]) =>
  rg.bootstrapMean(values, rg.generator(0, 'notebook', ...key))
const digits = (task: rg.PaperEnvironment) => (task === 'reacher' ? 2 : 0)
const threshold = ({ protocol }: rg.SweepPoint) =>
  protocol.rate === undefined ? `τ ${protocol.hyperparameters.loss.tau}` : `rate ${protocol.rate}`
/** Returns the losses of some runs minus those of others, seed by seed. */
const differences = (runs: readonly rg.RunSummary[], than: readonly rg.RunSummary[]) =>
  runs.flatMap(({ seed, loss }) => than.filter((run) => run.seed === seed).map((run) => loss - run.loss))
/** Returns the queries of some runs relative to those of others. */
const relativeQueries = (runs: readonly rg.RunSummary[], than: readonly rg.RunSummary[]) =>
  math.mean(runs.map(({ queries }) => queries)) / math.mean(than.map(({ queries }) => queries))
const bestOf = (task: rg.PaperEnvironment, rule: rg.AnyStrategyName) =>
  best[task].find(({ protocol }) => protocol.strategy === rule)!.runs
const bestTable = (task: rg.PaperEnvironment) => {
  const random = bestOf(task, 'random')
  const row = (rule: rg.AnyStrategyName, threshold: string, runs: readonly rg.RunSummary[]) => {
    const over = (what: 'queries' | 'loss') =>
      interval(
        runs.map((run) => run[what]),
        task,
        rule,
        what
      )
    return {
      task: names[task],
      rule: rg.titleOf(rule),
      'its best': threshold,
      queries: rg.formatEstimate(over('queries'), 0),
      'relative to Random’s': relativeQueries(runs, random).toFixed(2),
      loss: rg.formatEstimate(over('loss'), digits(task)),
      'minus Random’s': rg.formatEstimate(interval(differences(runs, random), 'more', task, rule), digits(task))
    }
  }
  const rows = [...best[task]].sort((a, b) => rg.means(a).loss - rg.means(b).loss)
  return [
    ...rows.map((sample) => row(sample.protocol.strategy, threshold(sample), sample.runs)),
    row('dagger', 'queries everywhere', paperRuns(task, 'dagger')),
    row('supervised', 'queries everywhere', paperRuns(task, 'supervised'))
  ]
}
rg.showCommitted(new dfd.DataFrame(rg.paperEnvironments.flatMap(bestTable)))
for (const task of rg.paperEnvironments) {
  const random = bestOf(task, 'random')
  const correlation = math.corr(
    random.map(({ queries }) => queries),
    random.map(({ loss }) => loss)
  )
  console.log(`${names[task]}, Random’s ten runs: the correlation of queries and loss is ${Number(correlation).toFixed(2)}`)
}

// %% [markdown]
// One number hides the spread over seeds. How probable is it that a run of a rule, at its best, has a lower loss than one of Random at its
// best? One half is as good as Random. Rules without a threshold at that cost on both tasks are left out. Where every run of one has a
// higher loss than every run of the other, the interval has no width: with ten against ten that is more certain than it should be.

// %%
const affordable = (task: rg.PaperEnvironment) =>
  onResultSeeds(chosen(task).filter((sample) => rg.means(sample).queries <= budget(task)))
const whole = Object.fromEntries(
  rg.paperEnvironments.filter((task) => affordable(task).length > 1).map((task) => [task, affordable(task)])
)
rg.showCommitted(
  rg.improvementFigure(
    'Probability of a lower loss than Random, thresholds chosen at Random’s cost',
    whole,
    'random'
  )
)

// %% [markdown]
// What does the gradient add? For each rule that has a gradient variant, the loss of the variant at its best minus that of the rule at its
// own, seed by seed; below zero the variant is better. Beside it, the variant's queries relative to the rule's. Of twelve intervals at 95 %
// one may well exclude zero by luck.

// %%
/** Compares a rule with another: its loss minus the other's, seed by seed, and its queries relative to the other's. */
const versus = (task: rg.PaperEnvironment, one: readonly rg.RunSummary[], other: readonly rg.RunSummary[], ...key: string[]) => ({
  [`${names[task]}, loss`]: rg.formatEstimate(interval(differences(one, other), 'versus', task, ...key), digits(task)),
  [`${names[task]}, queries`]: relativeQueries(one, other).toFixed(2)
})
const withGradient: [rg.AnyStrategyName, rg.AnyStrategyName][] = [
  ['loss', 'loss-gradient'],
  ['safedagger', 'safedagger-gradient'],
  ['bagger', 'bagger-gradient'],
  ['ensembledagger', 'ensembledagger-gradient'],
  ['lazydagger', 'lazydagger-gradient'],
  ['thriftydagger', 'thriftydagger-gradient']
]
rg.showCommitted(
  new dfd.DataFrame(
    withGradient.map(([rule, gradient]) =>
      Object.assign(
        {},
        ...rg.paperEnvironments.map((task) => versus(task, bestOf(task, gradient), bestOf(task, rule), gradient))
      )
    ),
    { index: withGradient.map(([rule, gradient]) => `${rg.titleOf(gradient)} minus ${rg.titleOf(rule)}`) }
  )
)

// %% [markdown]
// And what do rules that query in every state gain by choosing who controls? Compared with DAgger, seed by seed:

// %%
const queriesAlways: rg.AnyStrategyName[] = ['dropoutdagger', 'ensembledagger-full']
rg.showCommitted(
  new dfd.DataFrame(
    queriesAlways.map((rule) =>
      Object.assign(
        {},
        ...rg.paperEnvironments.map((task) => versus(task, bestOf(task, rule), paperRuns(task, 'dagger'), rule))
      )
    ),
    { index: queriesAlways.map((rule) => `${rg.titleOf(rule)} minus DAgger`) }
  )
)

// %% [markdown]
// ## 1. Does the loss gradient predict the true error better than the predicted loss?
//
// A rule queries well if it finds the states in which the learner errs. To measure what a score is worth, it must not choose its own data.
// So DAgger labels, all critics are trained beside it on the same states, and after each iteration the learner acts alone in twenty new
// episodes. An error, there, is the fifth of the states with the largest distance between the learner's action and the expert's. The
// average precision of a score is the area under the curve of precision against recall when querying from its highest value down: 1 finds
// all errors and nothing else, a random score has 0.2. Ten seeds; bands are 95 % intervals.

// %%
interface Score {
  task: rg.PaperEnvironment
  labelled_by: string
  seed: number
  iteration: number
  score: string
  average_precision: number
  precision: number
  recall: number
  far: number
}
const measured = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/beyond/scores.csv`)) as Score[]
const scores: [string, string, string][] = [
  ['predictedLoss', 'predicted loss', '#0072b2'],
  ['lossGradient', 'loss gradient (RadGrad)', '#d55e00'],
  ['lossPercentile', 'percentile of that loss (BAgger)', '#56b4e9'],
  ['riskLogit', 'risk (SafeDAgger)', '#e69f00'],
  ['riskGradient', 'risk gradient (SD Gradient)', '#cc79a7'],
  ['ensembleVariance', 'ensemble variance (EnsembleDAgger)', '#009e73'],
  ['neighbourDistance', 'neighbour distance (CRSAIL)', '#000000']
]
/** Names of the bootstrap's random streams. They are older than the scores' names, and with others the intervals would differ. */
const streams: Record<string, string> = {
  predictedLoss: 'loss network discrepancy',
  lossGradient: 'loss network steepness',
  lossPercentile: 'loss network percentile',
  riskLogit: 'safety network logit',
  riskGradient: 'safety network steepness',
  ensembleVariance: 'ensemble doubt',
  neighbourDistance: 'labelled states novelty',
  'lossGradient (jacobian)': 'loss network steepness (jacobian)',
  'lossGradient (sum)': 'loss network steepness (sum)',
  'riskGradient (logit)': 'safety network steepness (logit)',
  varianceGradient: 'ensemble steepness',
  failureLogit: 'prospects danger',
  failureGradient: 'prospects steepness'
}
const rowsOf = (task: rg.PaperEnvironment, labelledBy: string, score: string, from: number, to: number) => {
  const rows = measured.filter(
    (row) =>
      row.task === task &&
      row.labelled_by === labelledBy &&
      row.score === score &&
      row.iteration >= from &&
      row.iteration <= to
  )
  return [...new Set(rows.map(({ seed }) => seed))].map((seed) => rows.filter((row) => row.seed === seed))
}
const precisions = (...of: Parameters<typeof rowsOf>) =>
  rowsOf(...of).map((rows) => math.mean(rows.map((row) => row.average_precision)))
const numbers = Array.from({ length: 15 }, (_, i) => i + 1)
/** A panel for each task that there is something of. */
const byTask = <T>(tasks: readonly rg.PaperEnvironment[], of: (task: rg.PaperEnvironment) => T) =>
  Object.fromEntries(tasks.map((task) => [names[task], of(task)]))
const scoredTasks = rg.paperEnvironments.filter((task) => measured.some((row) => row.task === task))
const lines = byTask(scoredTasks, (task) =>
  scores.flatMap(([score, name, color]) => {
    const course = numbers.map((i) =>
      interval(precisions(task, 'dagger', score, i, i), 'course', task, streams[score], i)
    )
    const [low, high] = (['low', 'high'] as const).map((end) => course.map((estimate) => estimate[end]))
    const look = { name: name, legendgroup: name }
    const line = {
      ...look,
      mode: 'lines',
      x: numbers,
      y: course.map(({ value }) => value),
      showlegend: task === scoredTasks[0],
      line: { color: color },
      hovertemplate: `${name}<br>iteration %{x}: %{y:.2f}<extra></extra>`
    }
    return [{ ...look, ...rg.band(numbers, low, high, color, 0.15) }, line]
  })
)
rg.showCommitted(
  rg.panelsFigure('How well scores find the states in which the learner errs most, on DAgger’s data', lines, {
    x: { title: { text: 'iteration' } },
    y: { title: { text: 'average precision' }, range: [0, 1] },
    shared: true,
    referenceLines: [{ axis: 'y', at: 0.2, name: 'chance' }]
  })
)

// %% [markdown]
// Means over iterations 6 to 15, with 95 % intervals: on DAgger's data, and on the data that RadGrad's own rule chose to label (in 15 % of
// the states).

// %%
const every: [string, string][] = [
  ...scores.map(([score, name]): [string, string] => [score, name]),
  ['lossGradient (jacobian)', 'loss gradient, Frobenius norm of the Jacobian'],
  ['lossGradient (sum)', 'loss gradient, of the sum of outputs'],
  ['riskGradient (logit)', 'risk gradient, of the logit'],
  ['varianceGradient', 'gradient of the ensemble variance'],
  ['failureLogit', 'failure probability (ThriftyDAgger)'],
  ['failureGradient', 'gradient of the failure logit']
]
const worth = (task: rg.PaperEnvironment, labelledBy: string, score: string) => {
  const values = precisions(task, labelledBy, score, 6, 15)
  return values.length > 0 ? rg.formatEstimate(interval(values, 'worth', task, labelledBy, streams[score]), 2) : ''
}
rg.showCommitted(
  new dfd.DataFrame(
    every.map(([score]) =>
      Object.fromEntries(
        scoredTasks.flatMap((task) => [
          [`${names[task]}, DAgger’s data`, worth(task, 'dagger', score)],
          [`${names[task]}, RadGrad’s`, worth(task, 'loss-gradient', score)]
        ])
      )
    ),
    { index: every.map(([, name]) => name) }
  )
)

// %% [markdown]
// First, the average precision of the gradient minus that of the predicted loss, seed by seed, from the same network in the same states;
// above zero the gradient is better.
//
// Then, precision and recall of the paper's rules with Table 1's thresholds. What is to be found, there, is a state in which the learner is
// further from the expert than Loss's $\tau$. Such states may be most of all: precision says little unless it is above their fraction.
// Precision is over the iterations in which the rule queries at all, recall over all. On Reacher nearly all states are to be found, so that
// this table says little. On Hopper the predicted loss is right nearly wherever it queries, and overlooks three in four of the states to be
// found; its gradient finds some more, and is right little more often than chance. The safety network is right, and finds most.

// %%
for (const task of scoredTasks) {
  const [gradient, loss] = ['lossGradient', 'predictedLoss'].map((score) =>
    precisions(task, 'dagger', score, 6, 15)
  )
  console.log(
    `${names[task]}: ${rg.formatEstimate(
      interval(
        gradient.map((value, i) => value - loss[i]),
        'gradient',
        task
      ),
      3
    )}, ${loss.length} seeds`
  )
}
const rulesOfPaper: [string, string][] = [
  ['predictedLoss', 'predicted loss > τ'],
  ['lossGradient', 'loss gradient > ε'],
  ['riskLogit', 'risk > 1/2'],
  ['riskGradient', 'risk gradient > ε']
]
rg.showCommitted(
  new dfd.DataFrame(
    rulesOfPaper.flatMap(([score, condition]) =>
      scoredTasks.map((task) => {
        const rows = rowsOf(task, 'dagger', score, 6, 15).flat()
        const of = (what: 'precision' | 'recall' | 'far') => {
          const some = rows
            .map((row) => row[what])
            .filter((value) => typeof value === 'number' && Number.isFinite(value))
          return some.length > 0 ? math.mean(some).toFixed(2) : 'no query'
        }
        return {
          'queries where': condition,
          task: names[task],
          precision: of('precision'),
          recall: of('recall'),
          'fraction to be found': of('far')
        }
      })
    )
  )
)

// %% [markdown]
// ## 2. Do risk-aware rules shift the data towards risky states?
//
// The paper supposes that they do, and that this is why they are ahead early on. Each rule is set to a rate of 15 %. After every iteration
// there are twenty new episodes as the rule would collect them. The ratio is the learner's true error in the states that it would have
// labelled, over that in all states visited. Above 1 the rule queries where the learner errs.
//
// On a task that may end early there is also a risk in the plain sense: a state is risky if the learner, continuing alone, has the episode
// ended within the next fifty steps. An expert that takes over would prevent just that, so this ratio is from twenty more episodes in which
// it never does: the fraction of risky states where the rule would query, over their fraction in all states. Ten seeds, with 95 %
// intervals. Iterations in which a rule made no query have no such ratio and are left out. Where nearly all states are risky, as early on,
// no rule can do much better than chance: the ratio is at most one over their fraction.

// %%
interface Shift {
  task: rg.PaperEnvironment
  strategy: rg.AnyStrategyName
  seed: number
  iteration: number
  queried: number
  error_labelled: number
  error_visited: number
  risky_queried: number
  risky_visited: number
}
const shifts = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/beyond/shifts.csv`)) as Shift[]
const shifted = (task: rg.PaperEnvironment, rule: rg.AnyStrategyName, from: number, to: number) => {
  const rows = shifts.filter(
    (row) => row.task === task && row.strategy === rule && row.iteration >= from && row.iteration <= to
  )
  return [...new Set(rows.map(({ seed }) => seed))].map((seed) => rows.filter((row) => row.seed === seed))
}
const measures = {
  error: ['error_labelled', 'error_visited'],
  risk: ['risky_queried', 'risky_visited']
} as const
type Measure = keyof typeof measures
/** Returns the iterations in which a rule made queries. */
const querying = (rows: readonly Shift[], what: Measure) =>
  rows.filter((row) => Number.isFinite(row[measures[what][0]]))
const ratio = (rows: readonly Shift[], what: Measure) => {
  const [there, everywhere] = measures[what].map((column) =>
    math.mean(querying(rows, what).map((row) => row[column]))
  )
  return there / everywhere
}
const shiftRules = [...new Set(shifts.map(({ strategy }) => strategy))].sort(
  (a, b) => relatedOrder(a) - relatedOrder(b)
)
function relatedOrder(name: rg.AnyStrategyName): number {
  return rg.allStrategyNames.indexOf(name)
}
const shiftTasks = rg.paperEnvironments.filter((task) => shifts.some((row) => row.task === task))
/** The later marks lie inside the earlier ones, where they meet. */
const stages: [string, number, number, object][] = [
  ['iterations 2 to 5', 2, 5, { color: '#e69f00', symbol: 'circle-open', size: 13 }],
  ['iterations 11 to 15', 11, 15, { color: '#0072b2', size: 7 }]
]
const ratios = (task: rg.PaperEnvironment, what: Measure) =>
  stages.map(([name, from, to, marker]) => {
    const estimates = shiftRules.map((rule) => [
      rg.titleOf(rule),
      interval(
        shifted(task, rule, from, to)
          .filter((rows) => querying(rows, what).length > 0)
          .map((rows) => ratio(rows, what)),
        'shift',
        what,
        task,
        rule,
        from
      )
    ])
    const look = {
      marker: marker,
      name: name,
      legendgroup: name,
      showlegend: task === shiftTasks[0] && what === 'error'
    }
    return rg.intervalPlot(Object.fromEntries(estimates), look)
  })
rg.showCommitted(
  rg.panelsFigure(
    'Queried states over visited states: the learner’s error, and its risk of falling',
    {
      ...Object.fromEntries(shiftTasks.map((task) => [`${names[task]}, error`, ratios(task, 'error')])),
      ...(shiftTasks.includes('hopper') ? { 'Hopper, risk of falling': ratios('hopper', 'risk') } : {})
    },
    {
      x: { title: { text: 'queried / visited' } },
      y: { autorange: 'reversed' },
      shared: true,
      referenceLines: [{ axis: 'x', at: 1 }]
    }
  )
)

// %% [markdown]
// The fraction of the visited states in which they queried in iterations 11 to 15; and the fraction of risky states where they would query,
// and in all states that the learner visits alone.

// %%
const last = (task: rg.PaperEnvironment, rule: rg.AnyStrategyName) => {
  const rows = shifted(task, rule, 11, 15).flat()
  const average = (some: readonly Shift[], what: 'queried' | 'risky_queried' | 'risky_visited') =>
    math.mean(some.map((row) => row[what])).toFixed(2)
  const fraction: [string, string][] = [[`${names[task]}: queried`, average(rows, 'queried')]]
  if (task === 'reacher') return fraction
  return [
    ...fraction,
    [`${names[task]}: risky, of those queried`, average(querying(rows, 'risk'), 'risky_queried')],
    [`${names[task]}: risky, of those visited`, average(querying(rows, 'risk'), 'risky_visited')]
  ]
}
rg.showCommitted(
  new dfd.DataFrame(
    shiftRules.map((rule) => Object.fromEntries(shiftTasks.flatMap((task) => last(task, rule)))),
    { index: shiftRules.map(rg.titleOf) }
  )
)

// %% [markdown]
// Why not where the learner errs, on Reacher? Perhaps because the critics learn what the policy does in the labelled states, on which it
// has just been trained: they see few errors, and others than those it makes elsewhere. The paper leaves open what they are trained on;
// this reading came closest to its Table 2 ([data/tuning](../data/tuning/README.md)). On Hopper a learner that falls is far from all of its
// training data, which may be easier to see. LazyDAgger and ThriftyDAgger also label all states in which the expert has control, and it
// keeps the learner out of those in which it would err.

// %% [markdown]
// ## 3. Does weighting recover what random sampling gives?
//
// Where states may not be left to chance, the paper suggests to weight the observations, and says no more. Our reading: the labelled states
// are to stand for all visited states, labelled or not. So each labelled state is weighted, when the policy is trained, by the number of
// visited states whose nearest labelled neighbour it is. All rules are set to a rate of 30 %, ten seeds; the number of queries in the end
// stands below.

// %%
interface Changes {
  weighting?: 'nearest'
  loss?: 'norm' | 'jacobian' | 'sum'
  safety?: 'probability' | 'logit'
}
const even = (
  task: rg.PaperEnvironment,
  rule: rg.AnyStrategyName,
  { weighting, loss = 'norm', safety = 'probability' }: Changes = {}
) =>
  results.find(
    ({ protocol: { environment, strategy, rate, readings, weighting: weighted } }) =>
      environment === task &&
      strategy === rule &&
      rate === rg.commonRate &&
      weighted === weighting &&
      readings.loss === loss &&
      readings.safety === safety
  )
const evenTasks = rg.paperEnvironments.filter((task) => even(task, 'random') !== undefined)
type Variant = [name: string, rule: rg.AnyStrategyName, changes: Changes]
const weighting: Variant[] = [
  ['Random', 'random', {}],
  ['Loss', 'loss', {}],
  ['Loss Gradient', 'loss-gradient', {}],
  ['Loss Gradient, weighted', 'loss-gradient', { weighting: 'nearest' }],
  ['Loss Gr. Random', 'loss-gradient-random', {}],
  ['SafeDAgger', 'safedagger', {}],
  ['SD Gradient', 'safedagger-gradient', {}],
  ['SD Gradient, weighted', 'safedagger-gradient', { weighting: 'nearest' }],
  ['SD Gr. Random', 'safedagger-gradient-random', {}]
]
/** Draws the losses of variants, each set to query in 30 % of the states. */
function evenFigure(title: string, variants: readonly Variant[]) {
  const losses = byTask(evenTasks, (task) => {
    const estimates = variants.map(([name, rule, changes]) => [
      name,
      interval(even(task, rule, changes)?.runs.map(({ loss }) => loss) ?? [Number.NaN], 'even', task, name)
    ])
    return [
      rg.intervalPlot(
        Object.fromEntries(estimates.filter(([, estimate]) => Number.isFinite((estimate as rg.Estimate).value)))
      )
    ]
  })
  return rg.panelsFigure(title, losses, {
    x: { title: { text: 'loss' }, rangemode: 'tozero' },
    y: { autorange: 'reversed' },
    shared: true
  })
}
rg.showCommitted(evenFigure('Weighting beside chance, each set to query in 30 % of the states', weighting))

// %% [markdown]
// The difference of two losses, seed by seed; below zero the first is better. And the first one's queries relative to the second's.

// %%
const ofWeighting: [Variant, Variant][] = [
  [weighting[3], weighting[2]],
  [weighting[4], weighting[2]],
  [weighting[3], weighting[4]],
  [weighting[7], weighting[6]],
  [weighting[8], weighting[6]],
  [weighting[7], weighting[8]],
  [weighting[4], weighting[0]],
  [weighting[8], weighting[0]]
]
const beside = (pairs: readonly [Variant, Variant][]) =>
  pairs.map(([[one, rule, changes], [other, base, changed]]) =>
    Object.assign(
      {},
      ...evenTasks.map((task) =>
        versus(task, even(task, rule, changes)!.runs, even(task, base, changed)!.runs, one, other)
      )
    )
  )
rg.showCommitted(new dfd.DataFrame(beside(ofWeighting), { index: ofWeighting.map(([one, other]) => `${one[0]} minus ${other[0]}`) }))

// %% [markdown]
// ## 4. Which reading of the gradient is best?
//
// The paper speaks of the norm of the gradient of a vector. It may be the gradient of that vector's norm (our choice), the Frobenius norm
// of the Jacobian, or the gradient of the sum of entries, which is what a framework of the day gave. For SafeDAgger's network it may be the
// gradient of the probability (our choice) or of its logit. With one quantile for all scores their units do not matter.

// %%
const readings: Variant[] = [
  ['RadGrad: of the norm', 'loss-gradient', {}],
  ['RadGrad: the Jacobian', 'loss-gradient', { loss: 'jacobian' }],
  ['RadGrad: of the sum', 'loss-gradient', { loss: 'sum' }],
  ['SD Gradient: of the probability', 'safedagger-gradient', {}],
  ['SD Gradient: of the logit', 'safedagger-gradient', { safety: 'logit' }]
]
rg.showCommitted(evenFigure('Readings of the gradient, each set to query in 30 % of the states', readings))

// %%
const others: [Variant, Variant][] = [
  [readings[1], readings[0]],
  [readings[2], readings[0]],
  [readings[4], readings[3]]
]
rg.showCommitted(new dfd.DataFrame(beside(others), { index: others.map(([one, base]) => `${one[0]} minus ${base[0]}`) }))

// %% [markdown]
// ## 5. How does the expert's robustness change the ranking?
//
// There are only two experts for each task, and they differ in more than their robustness to noise: also in the size of their actions, and
// so in what a distance of τ means.
//
// The table has the experts' returns with noise on every action. On Reacher ours and Berkeley's are equally robust. On Hopper Berkeley's,
// whose actions are several times larger than the motors' range, bears twice as much noise.

// %%
interface Robustness {
  task: rg.PaperEnvironment
  expert: string
  noise: number
  return: number
}
const robustness = dfd.toJSON(await dfd.readCSV(`${rg.dataFolder()}/beyond/experts.csv`)) as Robustness[]
const noises = [...new Set(robustness.map(({ noise }) => noise))]
rg.showCommitted(
  new dfd.DataFrame(
    rg.paperEnvironments.flatMap((task) =>
      ['ours', 'berkeley'].map((whose) =>
        Object.fromEntries(
          noises.map((noise) => [
            `noise ${noise}`,
            robustness
              .find((row) => row.task === task && row.expert === whose && row.noise === noise)!
              .return.toFixed(digits(task))
          ])
        )
      )
    ),
    { index: rg.paperEnvironments.flatMap((task) => [`${names[task]}, ours`, `${names[task]}, Berkeley’s`]) }
  )
)

// %% [markdown]
// The paper's nine, with the one expert and with the other, ten seeds each, as in notebook 05. The figure shows the fraction of
// Supervised's loss that is left (on the dotted line it is the same with both). The table has Kendall's $\tau$ between both orders, which
// is 1 if they are the same and 0 if they are unrelated. The bootstrap puts $\tau$ too low, since resampled seeds add noise to both orders.
// So five seeds of one expert are compared with five others, of the other expert and of the same, to show what seeds alone change. Last,
// how much more alike the orders are on Reacher than on Hopper, with the interval reflected to correct that bias.

// %%
const theirs = async (task: rg.PaperEnvironment): Promise<rg.SeedResults[]> => {
  const { records } = await rg.readResults(`${rg.dataFolder()}/results`)
  const protocol = await rg.withExpertHash(rg.protocolFor(task, 'dagger', await rg.loadExpert(task)))
  return rg.resultsBySeed(records.values(), { ...protocol, expert: rg.berkeleyExperts[task] })
}
const withTheirs: Record<rg.PaperEnvironment, rg.SeedResults[]> = {
  reacher: await theirs('reacher'),
  hopper: await theirs('hopper')
}
/** A row of the nine's losses for each seed. */
const losses = (seeds: readonly rg.SeedResults[]) =>
  seeds.map(({ outcomes }) => rg.strategyNames.map((name) => rg.summarizeRun(outcomes[name]).loss))
type Losses = readonly number[][]
const left = (rows: Losses) => {
  const averages = rg.strategyNames.map((_, i) => math.mean(rows.map((row) => row[i])))
  return averages.map((average) => average / averages[rg.strategyNames.indexOf('supervised')])
}
const kendall = (a: readonly number[], b: readonly number[]) =>
  math.mean(a.flatMap((x, i) => a.slice(0, i).map((y, j) => Math.sign(x - y) * Math.sign(b[i] - b[j]))))
const byExpert = (task: rg.PaperEnvironment) => [losses(ours[task]), losses(withTheirs[task])]
/** Where the names of the nine stand, so that they do not cover one another. */
const sides = [
  'top left',
  'middle right',
  'bottom left',
  'bottom right',
  'middle right',
  'middle left',
  'middle right',
  'middle left',
  'top right'
]
const points = byTask(rg.paperEnvironments, (task) => [
  {
    x: [0, 1.6],
    y: [0, 1.6],
    mode: 'lines',
    line: { color: '#999999', width: 1, dash: 'dot' },
    hoverinfo: 'skip',
    showlegend: false
  },
  {
    x: left(byExpert(task)[0]),
    y: left(byExpert(task)[1]),
    text: rg.strategyNames.map(rg.titleOf),
    mode: 'markers+text',
    textposition: sides,
    textfont: { size: 10 },
    marker: { size: 9, color: '#0072b2' },
    showlegend: false
  }
])
rg.showCommitted(
  rg.panelsFigure('The fraction of Supervised’s loss left, with our expert and with Berkeley’s', points, {
    x: { title: { text: 'with our expert' }, range: [0, 1.6] },
    y: { title: { text: 'with Berkeley’s' }, range: [0, 2] }
  })
)
/** The orders of two experts' rows, or of one's, by five seeds and five others: a mean over two hundred ways to draw them. */
const byHalves = (a: Losses, b: Losses, key: string) => {
  const rng = rg.generator(0, 'halves', key)
  const once = () => {
    const order = [...rg.permutation(rng, a.length)]
    return kendall(
      left(order.slice(0, 5).map((i) => a[i])),
      left(order.slice(5).map((i) => b[i]))
    )
  }
  return math.mean(Array.from({ length: 200 }, once)).toFixed(2)
}
rg.showCommitted(
  new dfd.DataFrame(
    rg.paperEnvironments.map((task) => {
      const [a, b] = byExpert(task)
      const whole = rg.bootstrap([a, b], ([a, b]) => kendall(left(a), left(b)), rg.generator(0, 'kendall', task))
      return {
        'ten and ten': rg.formatEstimate(whole, 2),
        'five and five': byHalves(a, b, `${task}, both`),
        'five and five, ours': byHalves(a, a, `${task}, ours`),
        'five and five, Berkeley’s': byHalves(b, b, `${task}, Berkeley’s`)
      }
    }),
    { index: rg.paperEnvironments.map((task) => names[task]) }
  )
)
const difference = rg.bootstrap(
  rg.paperEnvironments.flatMap(byExpert),
  ([a, b, c, d]) => kendall(left(a), left(b)) - kendall(left(c), left(d)),
  rg.generator(0, 'kendall', 'difference')
)
const reflected: rg.Estimate = {
  value: difference.value,
  low: 2 * difference.value - difference.high,
  high: 2 * difference.value - difference.low
}
console.log(`Kendall’s τ on Reacher minus that on Hopper: ${rg.formatEstimate(reflected, 2)}`)
