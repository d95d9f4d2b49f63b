/**
 * What the paper concludes, claim by claim, and what decides each. Listed before the sweep that they are judged by.
 *
 * A claim is put as numbers that are below zero for a run where it holds, one number a seed: the strategies of a seed share
 * starts, first weights and test trials, so they are compared within it. If the 95 % bootstrap interval of the mean over seeds
 * lies below zero the part is supported, if above, contradicted, else undecided. A claim of several parts is supported
 * when all are, and contradicted when one is.
 */
import type { EnvironmentName } from '../environments'
import type { Outcome } from '../experiments/record'
import { generator } from '../random'
import { mean } from '../statistics'
import { hyperparameters, type StrategyName, strategiesFor, strategyNames } from '../strategies'
import { bootstrapMean, type Estimate } from './bootstrap'
import { type Contest, final } from './contests'

export type Verdict = 'supported' | 'contradicted' | 'undecided'

export interface Claim {
  /** In the paper's sense, in a sentence. */
  readonly claim: string
  readonly environment: EnvironmentName
  readonly parts: readonly Part[]
  /** How many parts must be supported, if not all; and by a majority contradicted. */
  readonly majority?: true
}

interface Part {
  /** What the number is; it is below zero if the claim holds. */
  readonly what: string
  readonly number: (outcomes: Contest['outcomes']) => number
}

interface JudgedPart {
  readonly what: string
  readonly estimate: Estimate
  readonly verdict: Verdict
}

export interface Judgement extends Pick<Claim, 'claim' | 'environment'> {
  readonly parts: readonly JudgedPart[]
  /** The part on which it turns: the furthest from being supported of all, or of those that would make the majority. */
  readonly decisive: JudgedPart
  readonly verdict: Verdict
}

const loss = (outcome: Outcome): number => final(outcome).loss
const queries = (outcome: Outcome): number => final(outcome).queries

/** Equation 3, times 10^4 as the paper prints it. */
export const efficiency = (supervised: Outcome, outcome: Outcome): number =>
  (1e4 * (loss(supervised) - loss(outcome))) / queries(outcome)

const strategies = strategiesFor(hyperparameters.reacher)
const title = (strategy: StrategyName): string => strategies[strategy].title

/** That one strategy loses less than another. */
const losesLess = (a: StrategyName, b: StrategyName): Part => ({
  what: `loss of ${title(a)} less that of ${title(b)}`,
  number: (outcomes) => loss(outcomes[a]) - loss(outcomes[b])
})

const isMoreEfficient = (a: StrategyName, b: StrategyName): Part => ({
  what: `efficiency of ${title(b)} less that of ${title(a)}`,
  number: (outcomes) => efficiency(outcomes.supervised, outcomes[b]) - efficiency(outcomes.supervised, outcomes[a])
})

const asksLess = (a: StrategyName, b: StrategyName): Part => ({
  what: `queries of ${title(a)} less those of ${title(b)}`,
  number: (outcomes) => queries(outcomes[a]) - queries(outcomes[b])
})

/** That a strategy keeps at least four fifths of what DAgger gains over supervised learning. */
const matchesDAgger = (strategy: StrategyName): Part => ({
  what: `what ${title(strategy)} loses more than DAgger, less a fifth of DAgger’s gain over Supervised`,
  number: ({ dagger, supervised, [strategy]: one }) => loss(one) - loss(dagger) - (loss(supervised) - loss(dagger)) / 5
})

/** Strategies that ask where a learned critic tells them to. */
const gated = strategyNames.filter((name) => strategies[name].actor === 'expert-when-asked' && name !== 'random')

/** Over iterations 2 to 5, the first that the strategies differ in. */
const early: Part = {
  what: 'mean loss of the risk-aware strategies in iterations 2 to 5 less DAgger’s',
  number(outcomes) {
    const losses = (strategy: StrategyName) => outcomes[strategy].iterations.slice(1, 5).map(({ loss }) => loss)
    return mean(gated.map((strategy) => mean(losses(strategy)))) - mean(losses('dagger'))
  }
}

/** Over all iterations that the two differ in. */
const asksLessThroughout = (a: StrategyName, b: StrategyName): Part => ({
  what: `queries so far of ${title(a)} less those of ${title(b)}, mean over iterations`,
  number(outcomes) {
    const counts = (strategy: StrategyName) => outcomes[strategy].iterations.slice(1).map(({ queries }) => queries)
    return mean(counts(a)) - mean(counts(b))
  }
})

const both: readonly EnvironmentName[] = ['reacher', 'hopper']
const onReacher = (claim: string, part: Part): Claim => ({ claim, environment: 'reacher', parts: [part] })
const others = strategyNames.filter((name) => name !== 'dagger')

export const claims: readonly Claim[] = [
  onReacher('the gradient lowers the loss of Loss', losesLess('loss-gradient', 'loss')),
  onReacher('the gradient makes Loss more efficient', isMoreEfficient('loss-gradient', 'loss')),
  onReacher('the gradient lowers the loss of SafeDAgger', losesLess('safedagger-gradient', 'safedagger')),
  onReacher('the gradient makes SafeDAgger more efficient', isMoreEfficient('safedagger-gradient', 'safedagger')),
  onReacher('random sampling lowers the loss of Loss Gradient', losesLess('loss-gradient-random', 'loss-gradient')),
  onReacher(
    'random sampling makes Loss Gradient more efficient',
    isMoreEfficient('loss-gradient-random', 'loss-gradient')
  ),
  onReacher(
    'random sampling lowers the loss of SD Gradient',
    losesLess('safedagger-gradient-random', 'safedagger-gradient')
  ),
  onReacher(
    'random sampling makes SD Gradient more efficient',
    isMoreEfficient('safedagger-gradient-random', 'safedagger-gradient')
  ),
  ...both.flatMap((environment): Claim[] => [
    { claim: 'risk-aware strategies are ahead of DAgger early on', environment, parts: [early] },
    { claim: 'DAgger performs best', environment, parts: others.map((other) => losesLess('dagger', other)) },
    {
      claim: 'Random matches DAgger with fewer queries',
      environment,
      parts: [matchesDAgger('random'), asksLess('random', 'dagger')]
    }
  ]),
  {
    claim: 'most risk-aware strategies fail to reach DAgger',
    environment: 'hopper',
    parts: gated.map((strategy) => losesLess('dagger', strategy)),
    majority: true
  },
  { claim: 'SafeDAgger fails to reach DAgger', environment: 'hopper', parts: [losesLess('dagger', 'safedagger')] },
  onReacher(
    'SD Gradient asks less than SafeDAgger for much of the training',
    asksLessThroughout('safedagger-gradient', 'safedagger')
  ),
  {
    claim: 'SD Gradient does not ask less than SafeDAgger',
    environment: 'hopper',
    parts: [asksLessThroughout('safedagger', 'safedagger-gradient')]
  },
  {
    claim: 'RadGrad matches DAgger with fewer queries',
    environment: 'reacher',
    parts: [matchesDAgger('loss-gradient'), asksLess('loss-gradient', 'dagger')]
  }
]

/**
 * Judges a claim by what came out on its task.
 *
 * @param contests one a seed; a single one decides nothing
 * @throws RangeError without any
 */
export function judge({ claim, environment, parts, majority }: Claim, contests: readonly Contest[]): Judgement {
  const judged = parts.map(({ what, number }) => {
    const numbers = contests.map(({ outcomes }) => number(outcomes))
    const estimate = bootstrapMean(numbers, generator(0, 'claim', what))
    // of one seed the interval is a point, which says nothing of others
    return { what, estimate, verdict: numbers.length < 2 ? 'undecided' : verdictOf(estimate) }
  })
  const count = (verdict: Verdict): number => judged.filter((part) => part.verdict === verdict).length
  const most = Math.floor(parts.length / 2) + 1
  const [enough, tooMany] = majority ? [most, most] : [parts.length, 1]
  const verdict =
    count('supported') >= enough ? 'supported' : count('contradicted') >= tooMany ? 'contradicted' : 'undecided'
  const sorted = [...judged].sort((a, b) => reach(a.estimate) - reach(b.estimate) || 0)
  return { claim, environment, parts: judged, decisive: sorted[enough - 1], verdict }
}

/** How much of an interval lies above zero, in its own widths, since parts differ in units; less than none below. */
const reach = ({ low, high }: Estimate): number =>
  high === low ? Math.sign(high) * Infinity || 0.5 : high / (high - low)

const verdictOf = ({ low, high }: Estimate): Verdict =>
  high < 0 ? 'supported' : low > 0 ? 'contradicted' : 'undecided'
