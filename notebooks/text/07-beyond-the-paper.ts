// -*- coding: utf-8 -*-
// %% [markdown]
// # Beyond the paper
//
// The paper compares with SafeDAgger alone. It asks for gradients in the other descendants of DAgger, several agents for each algorithm, a
// real search over thresholds on Hopper, and a word on weighting instead of chance (its section 5). Here are those others, in the same few
// words as its own nine; all of them by what they cost; and five questions, each with an experiment and a figure.
//
// What came out, with our experts: means over the last five iterations, twenty trials each; ten seeds, but where it is said; in brackets 95 %
// intervals. *Surely* is what such an interval leaves no doubt of by itself; among so many, one or the other will do so by luck.
//
// - **At Random's cost no rule surely beats asking by chance.** Each rule stands at the best of eight thresholds, chosen on three seeds among
//   those that cost at most a tenth more than Random's, where it has any; on the ten it then costs 0.5 to 1.6 times as much. On Reacher Random
//   loses 0.82 (0.75 … 0.90), the two rules that leave half of the states to chance, SD Gr. Random and Loss Gr. Random, lose 0.86 and 0.91,
//   and all others that choose where to ask 1.17 to 2.69. On Hopper Random loses 2644 (2354 … 2940), those two 2646 and 2686 with two thirds
//   of its queries, and the others 2778 to 3615; five of these are not surely worse than Random. With a third more queries than Random's, the
//   two that leave half to chance lose less there, by 499 (76 … 973) and 566 (171 … 984). LazyDAgger, which asks the most of all these, loses
//   on Hopper what Supervised does.
// - **The gradient helps in three places of twelve, and surely harms in none.** Its interval is below zero for BAgger on Reacher, -0.28 (-0.47
//   … -0.05), for ThriftyDAgger there, -0.28 (-0.44 … -0.10), with a tenth more queries, and for SafeDAgger on Hopper, -444 (-778 … -87), with
//   a third more. Three of twelve are more than luck alone should give, but which of them are luck nobody can say. The losses of Loss,
//   EnsembleDAgger and LazyDAgger are not surely changed on either task.
// - **Who pays in every state can gain by choosing who acts, at the right distance.** DropoutDAgger and the full EnsembleDAgger ask
//   everywhere, and let the expert act where the learner is unsure or far from it. On Reacher they lose 0.60 (0.53 … 0.67) and 0.59 (0.52 …
//   0.66), surely less than the 0.89 of DAgger, which asks as often: by 0.29 (0.17 … 0.44) and 0.30 (0.18 … 0.44). Theirs is the best of eight
//   distances, sixteen times Table 1's; with Table 1's own they lose 1.20 and 1.10 (three seeds). On Hopper the full EnsembleDAgger loses 1868
//   (1624 … 2107), the least of the rules' bests, with seven times Random's queries. DropoutDAgger has a distance just within Random's cost
//   when it was chosen (1.3 times as much on the ten), where it loses 3244, less than DAgger by 102 (3 … 232).
// - **1. The loss gradient does not predict the true error better than the predicted loss.** On Reacher neither predicts it: in finding the
//   fifth of the states in which the learner errs most, their average precision is 0.21 (0.20 … 0.22) and 0.22 (0.20 … 0.23), and that of
//   chance 0.20. On Hopper the predicted loss does, 0.50 (0.44 … 0.56), and its gradient hardly, 0.29 (0.26 … 0.31), less by 0.21 (0.17 …
//   0.26). There, with Table 1's thresholds, the learner is further from the expert than Loss's τ in 0.55 of the states: the predicted loss is
//   right in 0.97 of those where it asks and finds 0.27 of these, its gradient is right in 0.66 and finds 0.37. The ensemble's doubt has an
//   average precision of 0.37 and 0.69 on the two tasks, the distance to the labelled states 0.47 and 0.76.
// - **2. Risk-aware rules do not shift the data towards risky states on Reacher, late, nor surely early; on Hopper some do.** Each asks in 15
//   % of the states; early is iterations 2 to 5, late 11 to 15. On Reacher, late, all of them ask where the learner's error is surely smaller
//   than wherever it comes, 0.66 to 0.82 times; early it is surely larger for none. On Hopper it is surely larger for EnsembleDAgger, early,
//   1.33 (1.22 … 1.45), and late, 1.13 (1.08 … 1.19), and for RadGrad, late, 1.12 (1.04 … 1.19); for Loss, BAgger, SafeDAgger and SD Gradient
//   never, and for LazyDAgger and ThriftyDAgger it is smaller throughout. By the risk of falling within fifty steps two shift the data early,
//   ThriftyDAgger, 1.22 (1.01 … 1.47), and EnsembleDAgger, 1.06 (1.03 … 1.10); and late ThriftyDAgger, 2.26 (1.90 … 2.63), whose danger is
//   learned from just such falls, EnsembleDAgger, 1.34 (1.17 … 1.52), RadGrad, 1.28 (1.13 … 1.44), and BAgger, 1.24 (1.03 … 1.45); the others
//   not surely. CRSAIL, which knows of no risk, asks late where the error is 1.14 and 2.02 times as large, and 1.60 times as many states are
//   risky, and loses more than most: where the learner errs is not yet where a label helps most, though CRSAIL never lets the expert act
//   either.
// - **3. Weighting does not recover what chance gives.** All set to ask in 30 % of the states: weights, by our reading of the paper's hint,
//   change the loss of RadGrad by -0.13 (-0.56 … 0.29) on Reacher and -142 (-610 … 394) on Hopper, that of SD Gradient by -0.04 (-0.25 … 0.21)
//   and -294 (-802 … 209); chance in half of the states changes them by -0.61 and -716, -0.62 and -700, surely, for as many queries. Only of
//   SD Gradient on Hopper is it not sure that chance is better than the weights.
// - **4. No reading of the gradient is surely best.** At 30 % again, on Reacher RadGrad loses a sixth less with the Jacobian or the gradient
//   of the sum than with the gradient of the norm, on average and for as many queries; on Hopper it loses least with the gradient of the norm,
//   and the Jacobian asks 1.3 times as often. SafeDAgger's gradient of the probability loses less than that of the logit on both tasks, on
//   average, for somewhat more queries. Ten seeds decide none of it.
// - **5. Another expert changes the ranking: a little on Reacher, where both bear noise alike, perhaps more on Hopper, where they do not.**
//   Kendall's $\tau$ between the orders of the nine is 0.72 and 0.50; that it is less on Hopper, by 0.22 (-0.08 … 0.33), is not sure. Five
//   seeds with the one expert and five with the other agree to 0.67 and 0.38, five and five with the same one to 0.80 and 0.85 on Reacher,
//   0.93 and 0.72 on Hopper. Two experts a task are too few to say that it is because of the noise they bear.

// %%
import * as dfd from 'danfojs-node'
import * as math from 'mathjs'
import {
  band,
  berkeleyExperts,
  bestOfEach,
  bootstrap,
  bootstrapMean,
  contests,
  dots,
  environments,
  experiment,
  frontCurves,
  generator,
  hyperparameters,
  improvementFigure,
  inWords,
  loadExpert,
  means,
  ofSeeds,
  panelsFigure,
  permutation,
  protocolFor,
  readResults,
  recorded,
  relatedFor,
  relatedNames,
  scale,
  samples,
  settled,
  show,
  showCommitted,
  strategyNames,
  titleOf,
  type AnyName,
  type Contest,
  type EnvironmentName,
  type Estimate,
  type QueryStrategy,
  type Sample,
  type Settled
} from 'radgrad'
const names: Record<EnvironmentName, string> = { reacher: 'Reacher', hopper: 'Hopper' }

// %% [markdown]
// ## The others, in the same words
//
// A strategy says who acts, when the expert is asked, and what is learned beside the policy. For the algorithms that the paper cites, and
// their successors, that needs three things more. A rule may look at the expert's answer, and then pays for it in every state. The expert
// may keep control until it hands back. And a critic may be several networks, or none.
//
// | | asks where | who acts | from |
// |---|---|---|---|
// | DropoutDAgger | everywhere | the expert, where fewer than nine in ten draws of the policy by dropout are near its action | Menda and others, 2017, [1709.06166](https://arxiv.org/abs/1709.06166) |
// | BAgger | the 90 % quantile of the predicted loss is large, over ten draws by dropout | the expert, where asked | Cronrath and others, 2018, *BAgger: A Bayesian algorithm for safe and query-efficient imitation learning* |
// | EnsembleDAgger | five networks, each with a bootstrap of its own, disagree | the expert, where asked | Menda and others, 2019, [1807.08364](https://arxiv.org/abs/1807.08364) |
// | EnsembleDAgger, full | everywhere | the expert, where they disagree or the learner is not near its action | the same |
// | LazyDAgger | the safety network says so | the expert, until the learner is within half the distance that counts as unsafe | Hoque and others, 2021, [2104.00053](https://arxiv.org/abs/2104.00053) |
// | ThriftyDAgger | the ensemble disagrees, or success is improbable | the expert, until the learner is near and success is probable | Hoque and others, 2021, [2109.08273](https://arxiv.org/abs/2109.08273) |
// | CRSAIL | the fifth nearest labelled state is far | the learner | Firouzkouhi and others, 2025, [2512.00453](https://arxiv.org/abs/2512.00453) |
//
// Every label is paid for: DropoutDAgger and the full EnsembleDAgger pay in every state, LazyDAgger and ThriftyDAgger wherever the expert is in
// control, the others where they ask.
//
// These are our readings, and not the originals in all. The learner is the paper's network in each, trained as the paper's is; the originals
// let an ensemble or the mean of draws act, and train from scratch. Distances that the originals took for tasks of their own are Table 1's,
// and so are the gradients' thresholds, where no rate sets them. And one by one:
//
// - DropoutDAgger and BAgger draw their dropout for an iteration, where the original draws for each state (BAgger's text we could not read:
//   its rule is our reading of what the paper and others tell).
// - EnsembleDAgger's five networks are small, two layers of 64. One distance sets both of the full rule's thresholds, the variance allowed
//   being its square, in the rule by doubt alone too. The gradient is the variance's, and Table 1's $\varepsilon$ is strict for that.
// - LazyDAgger's safety network sees the proposed action too, as the paper's SafeDAgger does, and learns from the same states as the policy; no
//   noise is put on the expert's actions.
// - ThriftyDAgger's success is, our choice, a tip within two centimetres of the target at the end, or fifty more steps on the feet. Its one
//   Q function is learned from how episodes ended, whoever acted in them, without discount. Its two thresholds are set together, by what it
//   would ask of the learner alone. The expert hands back where success is as probable as in half of the states, or more.
// - CRSAIL's radius is set anew before each iteration, where the original sets it once: ours asks in as large a share late as early, the
//   original in fewer states the more it has labelled. Within an iteration it does not know what it has just labelled.
//
// Without a rate, ThriftyDAgger asks in 1 % of the states and CRSAIL in 5 %, DropoutDAgger draws ten times, and the others go by Table 1.
//
// Where a score has a gradient, there is a variant that asks where that is large too, as RadGrad does of the predicted loss;
// ThriftyDAgger's has two scores, and takes the gradient of the danger. Two rules have none: the gradient of a distance has length one
// almost everywhere, in the units that the distance is measured in, and a rule that compares with the expert's action knows it here, and
// nowhere ahead.

// %%
const related: Record<string, QueryStrategy> = relatedFor(hyperparameters.reacher)
show(
  new dfd.DataFrame(
    relatedNames.map((name) => {
      const { asks, actor, critic, handsBack } = related[name]
      return {
        'asks by': asks.reasons.join(', '),
        'who acts': typeof actor === 'function' ? 'by the answer' : actor,
        learns: critic?.name ?? '',
        'keeps control': handsBack ? 'yes' : '',
        'pays in every state': asks.reasons.includes('always') ? 'yes' : ''
      }
    }),
    { index: relatedNames.map(titleOf) }
  )
)

// %% [markdown]
// One of them at work, as any strategy is run. What it asked for is told by reason; *in control* is the expert where it has not handed
// back. It is set to ask in a tenth of the states that the learner meets alone; what it asks in one iteration may be far more or less.

// %%
const thrifty = protocolFor('reacher', 'thriftydagger', await loadExpert('reacher'), {
  ...scale,
  rate: 0.1,
  trials: 10
})
const course: Record<string, number>[] = []
for await (const { record } of experiment(thrifty, 1)) {
  const asked = record.rules.map(({ reason, asked }) => [`asked: ${reason}`, asked])
  if (record.iteration > 1)
    course.push({ iteration: record.iteration, queries: record.queries, ...Object.fromEntries(asked) })
}
await 0
show(new dfd.DataFrame(course.filter(({ iteration }) => iteration % 3 === 0 || iteration === 4)))

// %% [markdown]
// ## By what they cost
//
// A threshold on a predicted loss and one on a disagreement have nothing to do with one another, and neither transfers from one task to the
// next. What they cost does: so let each be set by what it is to cost. Before every iteration but the first, the learner acts alone in
// twenty episodes, in which nobody is asked (they cost steps, but no queries); the threshold of a score $\sigma$ is then the quantile $q$
// of its values there,
//
// $$\tau = \sigma_{(q)}, \qquad P\left(\sigma_1 > \sigma_{1(q)} \text{ or } \sigma_2 > \sigma_{2(q)}\right) \le r,$$
//
// the same $q$ for all scores of a rule, so that together they ask in a share $r$ of those states; of states that tie at the threshold as
// many are asked about, by chance, as fill the share. (Ties are many: a network whose last units are silent says the same of most states.)
// What is asked in the end differs, as the states do, and by far more where the expert keeps control: a share of 45 % on Hopper is 5,700
// queries for CRSAIL and 81,000 for ThriftyDAgger with its gradient. Only where the expert takes over is set so; where it hands back is as
// the rule has it. So everything below is drawn against the queries that were counted.
//
// Eight shares a rule, from 1 to 45 %, three seeds each, for choosing; DropoutDAgger and the full EnsembleDAgger, which ask everywhere, at
// eight distances instead. Then each rule's best: of its thresholds that asked at most a tenth more than Random did with the paper's 30 %
// (of all, where none did), the one that lost least, on ten seeds that had no part in the choice. What it asks on those may be somewhat
// more again, or much less; it stands beside the loss. The loss is the mean over
// the last five iterations, of twenty trials each, for on Hopper a single iteration says little. All trials begin in the same twenty
// states, those of the choice too. On Hopper queries are an outcome as well as a cost: who falls early meets fewer states to ask in.

// %%
const { records } = await readResults('../data/beyond/records')
const all = await samples(records.values())
const ofTask = (task: EnvironmentName, of: readonly Sample[] = all) =>
  of.filter(({ protocol }) => protocol.environment === task)
const choosing = ofSeeds(all, (seed) => seed > 100)
const results = ofSeeds(all, (seed) => seed <= 10)
const same = (a: Sample) => (b: Sample) => a.protocol === b.protocol
/** A tenth more than what Random asks with the paper's share. */
const budget = (task: EnvironmentName) =>
  1.1 *
  means(
    ofTask(task, choosing).find(({ protocol }) => protocol.strategy === 'random' && protocol.rate === 0.3)!
  ).queries
const chosen = (task: EnvironmentName) => bestOfEach(budget(task), ofTask(task, choosing))
/** The runs on other seeds of what was best on those for choosing. */
const onOthers = (some: readonly Sample[]) => some.flatMap((sample) => results.filter(same(sample)))
const best: Record<EnvironmentName, Sample[]> = {
  reacher: onOthers(chosen('reacher')),
  hopper: onOthers(chosen('hopper'))
}
showCommitted(
  new dfd.DataFrame(
    environments.map((task) => ({
      runs: ofTask(task).reduce((sum, { runs }) => sum + runs.length, 0),
      'rules with a whole sweep': new Set(
        ofTask(task, choosing)
          .filter(({ runs }) => runs.length === 3)
          .map(({ protocol }) => protocol.strategy)
      ).size,
      'rules with ten seeds of their best': best[task].filter(({ runs }) => runs.length === 10).length
    })),
    { index: environments.map((task) => names[task]) }
  )
)

// %%
const nine = async (task: EnvironmentName): Promise<Contest[]> => {
  const { records } = await readResults('../data/results')
  return contests(records.values(), await recorded(protocolFor(task, 'dagger', await loadExpert(task))))
}
const ours: Record<EnvironmentName, Contest[]> = {
  reacher: await nine('reacher'),
  hopper: await nine('hopper')
}
/** By the first twenty of their trials, from the starts of all others here. */
const asInPaper = (task: EnvironmentName, name: 'dagger' | 'supervised') =>
  ours[task].map(({ seed, outcomes }) => ({ seed, ...settled(outcomes[name], 20) }))
const level = (...of: Parameters<typeof asInPaper>) => math.mean(asInPaper(...of).map(({ loss }) => loss))
const levels = (task: EnvironmentName) => ({
  DAgger: level(task, 'dagger'),
  Supervised: level(task, 'supervised')
})
showCommitted(
  frontCurves(
    'Reacher: loss against queries, eight thresholds a rule',
    ofTask('reacher', choosing),
    best.reacher,
    levels('reacher')
  )
)
showCommitted(
  frontCurves(
    'Hopper: loss against queries, eight thresholds a rule',
    ofTask('hopper', choosing),
    best.hopper,
    levels('hopper')
  )
)

// %% [markdown]
// Down and to the left is better. Grey is Random, in every panel the same. Lines are means of three seeds, bands go from the least to the
// most of them; large points are a rule's best on ten others, with 95 % intervals. Three seeds may all be lucky: Random's three at 30 % lose
// 1708 on Hopper, and its ten 2644. What loses much more than Random leaves the panel at its top. Who asks everywhere asks 3750 times on
// Reacher, at any distance. On the axis of queries the first iteration, labelled whole, is counted as it is in the paper.

// %%
const interval = (values: readonly number[], ...key: (string | number)[]) =>
  bootstrapMean(values, generator(0, 'notebook', ...key))
const digits = (task: EnvironmentName) => (task === 'reacher' ? 2 : 0)
const threshold = ({ protocol }: Sample) =>
  protocol.rate === undefined ? `τ ${protocol.hyperparameters.loss.tau}` : `rate ${protocol.rate}`
/** What some runs lose more than others, seed by seed. */
const more = (runs: readonly Settled[], than: readonly Settled[]) =>
  runs.flatMap(({ seed, loss }) => than.filter((run) => run.seed === seed).map((run) => loss - run.loss))
/** How often some runs ask, over how often others do. */
const oftener = (runs: readonly Settled[], than: readonly Settled[]) =>
  math.mean(runs.map(({ queries }) => queries)) / math.mean(than.map(({ queries }) => queries))
const bestOf = (task: EnvironmentName, rule: AnyName) =>
  best[task].find(({ protocol }) => protocol.strategy === rule)!.runs
const bestTable = (task: EnvironmentName) => {
  const random = bestOf(task, 'random')
  const row = (rule: AnyName, threshold: string, runs: readonly Settled[]) => {
    const over = (what: 'queries' | 'loss') =>
      interval(
        runs.map((run) => run[what]),
        task,
        rule,
        what
      )
    return {
      task: names[task],
      rule: titleOf(rule),
      'its best': threshold,
      queries: inWords(over('queries'), 0),
      'over Random’s': oftener(runs, random).toFixed(2),
      loss: inWords(over('loss'), digits(task)),
      'more than Random’s': inWords(interval(more(runs, random), 'more', task, rule), digits(task))
    }
  }
  const rows = [...best[task]].sort((a, b) => means(a).loss - means(b).loss)
  return [
    ...rows.map((sample) => row(sample.protocol.strategy, threshold(sample), sample.runs)),
    row('dagger', 'asks everywhere', asInPaper(task, 'dagger')),
    row('supervised', 'asks everywhere', asInPaper(task, 'supervised'))
  ]
}
showCommitted(new dfd.DataFrame(environments.flatMap(bestTable)))
for (const task of environments) {
  const random = bestOf(task, 'random')
  const correlation = math.corr(
    random.map(({ queries }) => queries),
    random.map(({ loss }) => loss)
  )
  console.log(`${names[task]}, Random’s ten runs: queries and loss correlate by ${Number(correlation).toFixed(2)}`)
}

// %% [markdown]
// One number hides what the seeds say. How probable is it that a run of a rule, at its best, loses less than one of Random at its best?
// Half is as good as Random. A rule that has no threshold at that cost on both tasks is not among them. Where every run of one loses more
// than every run of the other, the interval has no width: of ten against ten that is more certain than it should be.

// %%
const affordable = (task: EnvironmentName) =>
  onOthers(chosen(task).filter((sample) => means(sample).queries <= budget(task)))
const whole = Object.fromEntries(
  environments.filter((task) => affordable(task).length > 1).map((task) => [task, affordable(task)])
)
showCommitted(
  improvementFigure(
    'Probability of losing less than Random, thresholds chosen at Random’s cost',
    whole,
    'random'
  )
)

// %% [markdown]
// What does the gradient add? The loss of each rule that has a gradient variant, at its best, and of the variant at its own, seed by seed;
// below zero the variant is better. And what the variant asks, over what the rule does. Of twelve intervals at 95 % one might well leave out
// zero by luck.

// %%
/** What one loses more than another, seed by seed, and what it asks over what the other does. */
const versus = (task: EnvironmentName, one: readonly Settled[], other: readonly Settled[], ...key: string[]) => ({
  [`${names[task]}, loss`]: inWords(interval(more(one, other), 'versus', task, ...key), digits(task)),
  [`${names[task]}, queries`]: oftener(one, other).toFixed(2)
})
const withGradient: [AnyName, AnyName][] = [
  ['loss', 'loss-gradient'],
  ['safedagger', 'safedagger-gradient'],
  ['bagger', 'bagger-gradient'],
  ['ensembledagger', 'ensembledagger-gradient'],
  ['lazydagger', 'lazydagger-gradient'],
  ['thriftydagger', 'thriftydagger-gradient']
]
showCommitted(
  new dfd.DataFrame(
    withGradient.map(([rule, gradient]) =>
      Object.assign(
        {},
        ...environments.map((task) => versus(task, bestOf(task, gradient), bestOf(task, rule), gradient))
      )
    ),
    { index: withGradient.map(([rule, gradient]) => `${titleOf(gradient)} less ${titleOf(rule)}`) }
  )
)

// %% [markdown]
// And what do they gain who ask in every state, to choose who acts? Against DAgger, seed by seed.

// %%
const asksAlways: AnyName[] = ['dropoutdagger', 'ensembledagger-full']
showCommitted(
  new dfd.DataFrame(
    asksAlways.map((rule) =>
      Object.assign(
        {},
        ...environments.map((task) => versus(task, bestOf(task, rule), asInPaper(task, 'dagger'), rule))
      )
    ),
    { index: asksAlways.map((rule) => `${titleOf(rule)} less DAgger`) }
  )
)

// %% [markdown]
// ## 1. Does the loss gradient predict the true error better than the predicted loss?
//
// A rule asks well if it finds the states in which the learner errs. To see what a score is worth it must be kept from choosing its own
// data: so let DAgger label, with all critics learning beside it from the same states, and after each iteration let the learner act alone
// in twenty new episodes. Wrong, there, is the fifth of the states with the largest distance between the learner's action and the expert's.
// A score's average precision is the area under the curve of precision against recall when one asks from its highest value down: 1 finds
// all and nothing else, 0.2 is chance. Ten seeds; bands are 95 % intervals.

// %%
interface Judgement {
  task: EnvironmentName
  data: string
  seed: number
  iteration: number
  score: string
  average_precision: number
  precision: number
  recall: number
  far: number
}
const judgements = dfd.toJSON(await dfd.readCSV('../data/beyond/judgements.csv')) as Judgement[]
const scores: [string, string, string][] = [
  ['loss network discrepancy', 'predicted loss', '#0072b2'],
  ['loss network steepness', 'gradient of that loss (RadGrad)', '#d55e00'],
  ['loss network percentile', 'quantile of that loss (BAgger)', '#56b4e9'],
  ['safety network logit', 'risk (SafeDAgger)', '#e69f00'],
  ['safety network steepness', 'gradient of the risk (SD Gradient)', '#cc79a7'],
  ['ensemble doubt', 'doubt (EnsembleDAgger)', '#009e73'],
  ['labelled states novelty', 'novelty (CRSAIL)', '#000000']
]
const judged = (task: EnvironmentName, data: string, score: string, from: number, to: number) => {
  const rows = judgements.filter(
    (row) =>
      row.task === task &&
      row.data === data &&
      row.score === score &&
      row.iteration >= from &&
      row.iteration <= to
  )
  return [...new Set(rows.map(({ seed }) => seed))].map((seed) => rows.filter((row) => row.seed === seed))
}
const precisions = (...of: Parameters<typeof judged>) =>
  judged(...of).map((rows) => math.mean(rows.map((row) => row.average_precision)))
const numbers = Array.from({ length: 15 }, (_, i) => i + 1)
/** A panel for each task that there is something of. */
const byTask = <T>(tasks: readonly EnvironmentName[], of: (task: EnvironmentName) => T) =>
  Object.fromEntries(tasks.map((task) => [names[task], of(task)]))
const judgedTasks = environments.filter((task) => judgements.some((row) => row.task === task))
const lines = byTask(judgedTasks, (task) =>
  scores.flatMap(([score, name, color]) => {
    const course = numbers.map((i) =>
      interval(precisions(task, 'dagger', score, i, i), 'course', task, score, i)
    )
    const [low, high] = (['low', 'high'] as const).map((end) => course.map((estimate) => estimate[end]))
    const look = { name: name, legendgroup: name }
    const line = {
      ...look,
      mode: 'lines',
      x: numbers,
      y: course.map(({ value }) => value),
      showlegend: task === judgedTasks[0],
      line: { color: color },
      hovertemplate: `${name}<br>iteration %{x}: %{y:.2f}<extra></extra>`
    }
    return [{ ...look, ...band(numbers, low, high, color, 0.15) }, line]
  })
)
showCommitted(
  panelsFigure('How well scores find the states in which the learner errs most, on DAgger’s data', lines, {
    x: { title: { text: 'iteration' } },
    y: { title: { text: 'average precision' }, range: [0, 1] },
    shared: true,
    levels: [{ axis: 'y', at: 0.2, name: 'chance' }]
  })
)

// %% [markdown]
// Mean over iterations 6 to 15, with 95 % intervals: on DAgger's data, and on what RadGrad's own rule chose to label (in 15 % of the
// states).

// %%
const every: [string, string][] = [
  ...scores.map(([score, name]): [string, string] => [score, name]),
  ['loss network steepness (jacobian)', 'gradient, Frobenius norm of the Jacobian'],
  ['loss network steepness (sum)', 'gradient of the sum of outputs'],
  ['safety network steepness (logit)', 'gradient of the logit'],
  ['ensemble steepness', 'gradient of the doubt'],
  ['prospects danger', 'danger (ThriftyDAgger)'],
  ['prospects steepness', 'gradient of the danger']
]
const worth = (task: EnvironmentName, data: string, score: string) => {
  const values = precisions(task, data, score, 6, 15)
  return values.length > 0 ? inWords(interval(values, 'worth', task, data, score), 2) : ''
}
showCommitted(
  new dfd.DataFrame(
    every.map(([score]) =>
      Object.fromEntries(
        judgedTasks.flatMap((task) => [
          [`${names[task]}, DAgger’s data`, worth(task, 'dagger', score)],
          [`${names[task]}, RadGrad’s`, worth(task, 'loss-gradient', score)]
        ])
      )
    ),
    { index: every.map(([, name]) => name) }
  )
)

// %% [markdown]
// And the gradient against the predicted loss, seed by seed, from the same network in the same states; above zero the gradient is better.
// Below, precision and recall of the paper's rules as the paper has them, with Table 1's thresholds. To be found, there, is a state in
// which the learner is further from the expert than Loss's $\tau$, which may be in most: precision says little unless it is above their
// share. It is of the iterations in which the rule asks at all, recall of all. On Reacher nearly all states are to be found, so that little
// can be told. On Hopper the predicted loss is right nearly wherever it asks, and overlooks three in four of the states to be found; its
// gradient finds some more, and is right little oftener than chance. The safety network is right, and finds most.

// %%
for (const task of judgedTasks) {
  const [gradient, loss] = ['loss network steepness', 'loss network discrepancy'].map((score) =>
    precisions(task, 'dagger', score, 6, 15)
  )
  console.log(
    `${names[task]}: ${inWords(
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
  ['loss network discrepancy', 'predicted loss > τ'],
  ['loss network steepness', 'gradient of that loss > ε'],
  ['safety network logit', 'risk > 1/2'],
  ['safety network steepness', 'gradient of the risk > ε']
]
showCommitted(
  new dfd.DataFrame(
    rulesOfPaper.flatMap(([score, asks]) =>
      judgedTasks.map((task) => {
        const rows = judged(task, 'dagger', score, 6, 15).flat()
        const of = (what: 'precision' | 'recall' | 'far') => {
          const some = rows
            .map((row) => row[what])
            .filter((value) => typeof value === 'number' && Number.isFinite(value))
          return some.length > 0 ? math.mean(some).toFixed(2) : 'asks nowhere'
        }
        return {
          'asks where': asks,
          task: names[task],
          precision: of('precision'),
          recall: of('recall'),
          'share to be found': of('far')
        }
      })
    )
  )
)

// %% [markdown]
// ## 2. Do risk-aware rules shift the data towards risky states?
//
// The paper supposes that they do, and that this is why they are ahead early on. Each rule set to a share of 15 %: after every iteration,
// twenty new episodes as it would collect them, and the learner's true error in the states that it would have labelled, over that in all
// that it met. Above 1 it asks where the learner errs. On a task that may end early, risk may also be what it is called: a state is risky
// if the learner, going on alone, has the episode ended within the next fifty steps. An expert that takes over would prevent just that, so
// this is of twenty more episodes in which none does: how many states are risky where the rule would ask, over how many are of all. Ten
// seeds, with 95 % intervals. Iterations in which a rule asked nowhere have no such ratio and are left out. Where nearly all states are
// risky, as early on, no rule can do much better than chance: the ratio is at most one over their share.

// %%
interface Shift {
  task: EnvironmentName
  strategy: AnyName
  seed: number
  iteration: number
  asked: number
  error_labelled: number
  error_met: number
  risky_asked: number
  risky_met: number
}
const shifts = dfd.toJSON(await dfd.readCSV('../data/beyond/shifts.csv')) as Shift[]
const shifted = (task: EnvironmentName, rule: AnyName, from: number, to: number) => {
  const rows = shifts.filter(
    (row) => row.task === task && row.strategy === rule && row.iteration >= from && row.iteration <= to
  )
  return [...new Set(rows.map(({ seed }) => seed))].map((seed) => rows.filter((row) => row.seed === seed))
}
const measures = {
  error: ['error_labelled', 'error_met'],
  risk: ['risky_asked', 'risky_met']
} as const
type Measure = keyof typeof measures
/** The iterations in which a rule asked. */
const asking = (rows: readonly Shift[], what: Measure) =>
  rows.filter((row) => Number.isFinite(row[measures[what][0]]))
const ratio = (rows: readonly Shift[], what: Measure) => {
  const [asked, met] = measures[what].map((column) =>
    math.mean(asking(rows, what).map((row) => row[column]))
  )
  return asked / met
}
const shiftRules = [...new Set(shifts.map(({ strategy }) => strategy))].sort(
  (a, b) => relatedOrder(a) - relatedOrder(b)
)
function relatedOrder(name: AnyName): number {
  return [...strategyNames, ...relatedNames].indexOf(name)
}
const shiftTasks = environments.filter((task) => shifts.some((row) => row.task === task))
/** The later marks lie inside the earlier ones, where they meet. */
const stages: [string, number, number, object][] = [
  ['iterations 2 to 5', 2, 5, { color: '#e69f00', symbol: 'circle-open', size: 13 }],
  ['iterations 11 to 15', 11, 15, { color: '#0072b2', size: 7 }]
]
const ratios = (task: EnvironmentName, what: Measure) =>
  stages.map(([name, from, to, marker]) => {
    const estimates = shiftRules.map((rule) => [
      titleOf(rule),
      interval(
        shifted(task, rule, from, to)
          .filter((rows) => asking(rows, what).length > 0)
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
    return dots(Object.fromEntries(estimates), look)
  })
showCommitted(
  panelsFigure(
    'Where rules ask, over wherever the learner comes: its error, and its risk of falling',
    {
      ...Object.fromEntries(shiftTasks.map((task) => [`${names[task]}, error`, ratios(task, 'error')])),
      ...(shiftTasks.includes('hopper') ? { 'Hopper, risk of falling': ratios('hopper', 'risk') } : {})
    },
    {
      x: { title: { text: 'where it asks / where it comes' } },
      y: { autorange: 'reversed' },
      shared: true,
      levels: [{ axis: 'x', at: 1 }]
    }
  )
)

// %% [markdown]
// What they asked in, of all states that they met in iterations 11 to 15, and the share of risky states where they would ask of the learner
// alone, and wherever it comes.

// %%
const last = (task: EnvironmentName, rule: AnyName) => {
  const rows = shifted(task, rule, 11, 15).flat()
  const average = (some: readonly Shift[], what: 'asked' | 'risky_asked' | 'risky_met') =>
    math.mean(some.map((row) => row[what])).toFixed(2)
  const share: [string, string][] = [[`${names[task]}: share asked`, average(rows, 'asked')]]
  if (task === 'reacher') return share
  return [
    ...share,
    [`${names[task]}: risky, where it asks`, average(asking(rows, 'risk'), 'risky_asked')],
    [`${names[task]}: risky, where it comes`, average(asking(rows, 'risk'), 'risky_met')]
  ]
}
showCommitted(
  new dfd.DataFrame(
    shiftRules.map((rule) => Object.fromEntries(shiftTasks.flatMap((task) => last(task, rule)))),
    { index: shiftRules.map(titleOf) }
  )
)

// %% [markdown]
// Why not where the learner errs, on Reacher? Perhaps because the critics learn what the policy does in the labelled states, which it has just
// learned to do well: they see few errors, and others than those it makes elsewhere. The paper leaves open what they learn from; this reading came
// closest to its Table 2 ([data/tuning](../data/tuning/README.md)). On Hopper a learner that falls is far from all that it has learned,
// which may be easier to see. LazyDAgger and ThriftyDAgger label all states in which the expert is in control, too, and it keeps the learner out
// of those in which it would err.

// %% [markdown]
// ## 3. Does weighting recover what random sampling gives?
//
// Where states may not be left to chance, the paper suggests to weight the observations, and says no more. Our reading: what is labelled is
// to stand for all states met, labelled or not, so each labelled state counts, when the policy learns, for as many states as it is the
// nearest labelled one of. All set to a share of 30 %, ten seeds; what they asked in the end stands below.

// %%
interface Changes {
  weighting?: 'nearest'
  loss?: 'norm' | 'jacobian' | 'sum'
  safety?: 'probability' | 'logit'
}
const even = (
  task: EnvironmentName,
  rule: AnyName,
  { weighting, loss = 'norm', safety = 'probability' }: Changes = {}
) =>
  results.find(
    ({ protocol: { environment, strategy, rate, readings, weighting: weighted } }) =>
      environment === task &&
      strategy === rule &&
      rate === 0.3 &&
      weighted === weighting &&
      readings.loss === loss &&
      readings.safety === safety
  )
const evenTasks = environments.filter((task) => even(task, 'random') !== undefined)
type Variant = [name: string, rule: AnyName, changes: Changes]
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
/** The losses of variants, each set to ask in 30 % of the states. */
function evenFigure(title: string, variants: readonly Variant[]) {
  const losses = byTask(evenTasks, (task) => {
    const estimates = variants.map(([name, rule, changes]) => [
      name,
      interval(even(task, rule, changes)?.runs.map(({ loss }) => loss) ?? [Number.NaN], 'even', task, name)
    ])
    return [
      dots(
        Object.fromEntries(estimates.filter(([, estimate]) => Number.isFinite((estimate as Estimate).value)))
      )
    ]
  })
  return panelsFigure(title, losses, {
    x: { title: { text: 'loss' }, rangemode: 'tozero' },
    y: { autorange: 'reversed' },
    shared: true
  })
}
showCommitted(evenFigure('Weighting beside chance, each set to ask in 30 % of the states', weighting))

// %% [markdown]
// Seed by seed, what each of them loses more than another; below zero it is better. And what it asks, over what the other does.

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
showCommitted(new dfd.DataFrame(beside(ofWeighting), { index: ofWeighting.map(([one, other]) => `${one[0]} less ${other[0]}`) }))

// %% [markdown]
// ## 4. Which reading of the gradient is best?
//
// The paper speaks of the norm of the gradient of a vector. It may be the gradient of that vector's norm (taken here), the Frobenius norm
// of the Jacobian, or the gradient of the sum of entries, which is what a framework of the day gave; of SafeDAgger's network that of the
// probability (taken here) or of its logit. With one quantile for all scores their units do not matter.

// %%
const readings: Variant[] = [
  ['RadGrad: of the norm', 'loss-gradient', {}],
  ['RadGrad: the Jacobian', 'loss-gradient', { loss: 'jacobian' }],
  ['RadGrad: of the sum', 'loss-gradient', { loss: 'sum' }],
  ['SD Gradient: of the probability', 'safedagger-gradient', {}],
  ['SD Gradient: of the logit', 'safedagger-gradient', { safety: 'logit' }]
]
showCommitted(evenFigure('Readings of the gradient, each set to ask in 30 % of the states', readings))

// %%
const others: [Variant, Variant][] = [
  [readings[1], readings[0]],
  [readings[2], readings[0]],
  [readings[4], readings[3]]
]
showCommitted(new dfd.DataFrame(beside(others), { index: others.map(([one, base]) => `${one[0]} less ${base[0]}`) }))

// %% [markdown]
// ## 5. How does the expert's robustness change the ranking?
//
// Two experts a task are all that there are, and they differ in more than how much noise they bear: in the size of their actions, too, and
// so in what a distance of τ means.
//
// Noise on every action, and what the experts then return. On Reacher ours and Berkeley's bear it alike; on Hopper Berkeley's, whose
// actions are several times larger than what the motors take, bears twice as much.

// %%
interface Borne {
  task: EnvironmentName
  expert: string
  noise: number
  return: number
}
const borne = dfd.toJSON(await dfd.readCSV('../data/beyond/experts.csv')) as Borne[]
const noises = [...new Set(borne.map(({ noise }) => noise))]
showCommitted(
  new dfd.DataFrame(
    environments.flatMap((task) =>
      ['ours', 'berkeley'].map((whose) =>
        Object.fromEntries(
          noises.map((noise) => [
            `noise ${noise}`,
            borne
              .find((row) => row.task === task && row.expert === whose && row.noise === noise)!
              .return.toFixed(digits(task))
          ])
        )
      )
    ),
    { index: environments.flatMap((task) => [`${names[task]}, ours`, `${names[task]}, Berkeley’s`]) }
  )
)

// %% [markdown]
// The paper's nine, with the one and with the other, ten seeds each, as in notebook 05: the share of Supervised's loss that is left (on the
// dotted line it is the same with both), and Kendall's $\tau$ between both orders, which is 1 if they are the same and 0 if they have nothing
// to do with one another. The bootstrap puts $\tau$ too low, since drawn seeds add noise to both orders; so five seeds of one against five
// others, of the other expert and of the same, tell what seeds alone change. Last, how much more alike the orders are on Reacher than on
// Hopper, the interval reflected for that bias.

// %%
const theirs = async (task: EnvironmentName): Promise<Contest[]> => {
  const { records } = await readResults('../data/results')
  const protocol = await recorded(protocolFor(task, 'dagger', await loadExpert(task)))
  return contests(records.values(), { ...protocol, expert: berkeleyExperts[task] })
}
const withTheirs: Record<EnvironmentName, Contest[]> = {
  reacher: await theirs('reacher'),
  hopper: await theirs('hopper')
}
/** A row of the nine's losses for each seed. */
const losses = (seeds: readonly Contest[]) =>
  seeds.map(({ outcomes }) => strategyNames.map((name) => settled(outcomes[name]).loss))
type Losses = readonly number[][]
const left = (rows: Losses) => {
  const means = strategyNames.map((_, i) => math.mean(rows.map((row) => row[i])))
  return means.map((mean) => mean / means[strategyNames.indexOf('supervised')])
}
const kendall = (a: readonly number[], b: readonly number[]) =>
  math.mean(a.flatMap((x, i) => a.slice(0, i).map((y, j) => Math.sign(x - y) * Math.sign(b[i] - b[j]))))
const byExpert = (task: EnvironmentName) => [losses(ours[task]), losses(withTheirs[task])]
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
const points = byTask(environments, (task) => [
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
    text: strategyNames.map(titleOf),
    mode: 'markers+text',
    textposition: sides,
    textfont: { size: 10 },
    marker: { size: 9, color: '#0072b2' },
    showlegend: false
  }
])
showCommitted(
  panelsFigure('The share of Supervised’s loss left, with our expert and with Berkeley’s', points, {
    x: { title: { text: 'with our expert' }, range: [0, 1.6] },
    y: { title: { text: 'with Berkeley’s' }, range: [0, 2] }
  })
)
/** The orders of two experts' rows, or of one's, by five seeds and five others: a mean over two hundred ways to draw them. */
const byHalves = (a: Losses, b: Losses, key: string) => {
  const rng = generator(0, 'halves', key)
  const once = () => {
    const order = [...permutation(rng, a.length)]
    return kendall(
      left(order.slice(0, 5).map((i) => a[i])),
      left(order.slice(5).map((i) => b[i]))
    )
  }
  return math.mean(Array.from({ length: 200 }, once)).toFixed(2)
}
showCommitted(
  new dfd.DataFrame(
    environments.map((task) => {
      const [a, b] = byExpert(task)
      const whole = bootstrap([a, b], ([a, b]) => kendall(left(a), left(b)), generator(0, 'kendall', task))
      return {
        'ten and ten': inWords(whole, 2),
        'five and five': byHalves(a, b, `${task}, both`),
        'five and five, ours': byHalves(a, a, `${task}, ours`),
        'five and five, Berkeley’s': byHalves(b, b, `${task}, Berkeley’s`)
      }
    }),
    { index: environments.map((task) => names[task]) }
  )
)
const difference = bootstrap(
  environments.flatMap(byExpert),
  ([a, b, c, d]) => kendall(left(a), left(b)) - kendall(left(c), left(d)),
  generator(0, 'kendall', 'difference')
)
const reflected: Estimate = {
  value: difference.value,
  low: 2 * difference.value - difference.high,
  high: 2 * difference.value - difference.low
}
console.log(`Kendall’s τ on Reacher less that on Hopper: ${inWords(reflected, 2)}`)
