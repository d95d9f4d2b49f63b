/**
 * The paper's conclusions, claim by claim, and the numbers that decide each. They were listed before the sweep that they are
 * evaluated on.
 *
 * A claim is put as numbers that are below zero where it holds, one number a seed: the strategies of a seed share starts, first
 * weights and test trials, so they are compared within it. A part is supported when the 95 % bootstrap interval of the mean over
 * seeds lies below zero, contradicted when it lies above, else undecided. A claim of several parts is supported when all are,
 * and contradicted when one is.
 */
import type { EnvironmentName, PaperEnvironment } from '../environments'
import type { Outcome } from '../record'
import { hyperparameters, type StrategyName, strategyFor, strategyNames, titleOf } from '../strategies'
import { generator } from '../util/random'
import { mean } from '../util/statistics'
import { bootstrapMean, type Estimate } from './bootstrap'
import { type Course, finalIteration, type SeedResults } from './results-by-seed'

/** The verdict on a claim, or on a part of it, by 95 % intervals. */
export type Verdict = 'supported' | 'contradicted' | 'undecided'

/** A conclusion of the paper, as numbers that are below zero where it holds. */
export interface Claim {
  /** A sentence in the paper's sense. */
  readonly claim: string
  readonly environment: EnvironmentName
  readonly parts: readonly Part[]
  /** Decides by most parts; otherwise all must be supported, and one that is contradicted decides. */
  readonly majority?: true
}

interface Part {
  /** Names the number, and with it the random stream of its interval. */
  readonly what: string
  /** Returns a number below zero where the claim holds. */
  readonly number: (outcomes: SeedResults['outcomes']) => number
}

type PartResult = Pick<Part, 'what'> & { readonly estimate: Estimate; readonly verdict: Verdict }

/** A claim's verdict, and the numbers that decide it. */
export interface ClaimResult extends Pick<Claim, 'claim' | 'environment'> {
  readonly parts: readonly PartResult[]
  /** The part that decides: the one furthest from being supported, of all or of those that would make the majority. */
  readonly decisive: PartResult
  readonly verdict: Verdict
}

const loss = (outcome: Course): number => finalIteration(outcome).loss
const queries = (outcome: Outcome): number => finalIteration(outcome).queries

/**
 * Returns the efficiency of a run (Equation 3): the loss that it avoids beside Supervised's run, by the cost of its labels, which is their
 * count unless the record has a cost; times 10^4 as the paper prints it. A run is an outcome, or `{ iterations: records }`.
 *
 * @throws RangeError for a run without labels, or whose labels cost nothing
 */
export function efficiency(supervised: Course, outcome: Course): number {
  const { queries, cost = queries } = finalIteration(outcome)
  if (cost > 0) return (1e4 * (loss(supervised) - loss(outcome))) / cost
  throw new RangeError(`a run of ${queries} labels at a cost of ${cost} has no efficiency`)
}

const partOf = (what: string, number: Part['number']): Part => ({ what, number })

const losesLess = (a: StrategyName, b: StrategyName): Part =>
  partOf(`loss of ${titleOf(a)} less that of ${titleOf(b)}`, (all) => loss(all[a]) - loss(all[b]))

const isMoreEfficient = (a: StrategyName, b: StrategyName): Part => ({
  what: `efficiency of ${titleOf(b)} less that of ${titleOf(a)}`,
  number: (outcomes) => efficiency(outcomes.supervised, outcomes[b]) - efficiency(outcomes.supervised, outcomes[a])
})

const queriesLess = (a: StrategyName, b: StrategyName): Part =>
  partOf(`queries of ${titleOf(a)} less those of ${titleOf(b)}`, (all) => queries(all[a]) - queries(all[b]))

/** A strategy matches DAgger when it keeps at least four fifths of DAgger's gain over supervised learning. */
const matchesDAgger = (strategy: StrategyName): Part => ({
  what: `what ${titleOf(strategy)} loses more than DAgger, less a fifth of DAgger’s gain over Supervised`,
  number: ({ dagger, supervised, [strategy]: one }) => loss(one) - loss(dagger) - (loss(supervised) - loss(dagger)) / 5
})

/** The strategies with a critic. */
const riskAware = strategyNames.filter((name) => strategyFor(name, hyperparameters.reacher).critic)

/** Iterations 2 to 5 are the first in which the strategies differ. */
const earlyLoss = ({ iterations }: Outcome): number => mean(iterations.slice(1, 5).map(({ loss }) => loss))

const aheadOfDAggerEarly: Part = {
  what: 'mean loss of the risk-aware strategies in iterations 2 to 5 less DAgger’s',
  number: (outcomes) => mean(riskAware.map((strategy) => earlyLoss(outcomes[strategy]))) - earlyLoss(outcomes.dagger)
}

/** All iterations but the first, in which every strategy queries alike. */
const meanQueries = ({ iterations }: Outcome): number => mean(iterations.slice(1).map(({ queries }) => queries))

const queriesLessThroughout = (a: StrategyName, b: StrategyName): Part => ({
  what: `queries so far of ${titleOf(a)} less those of ${titleOf(b)}, mean over iterations`,
  number: (outcomes) => meanQueries(outcomes[a]) - meanQueries(outcomes[b])
})

const on = (environment: PaperEnvironment, claim: string, ...parts: Part[]): Claim => ({ claim, environment, parts })
const onReacher = (claim: string, part: Part): Claim => on('reacher', claim, part)
const daggerLosesLess = (others: readonly StrategyName[]) => others.map((other) => losesLess('dagger', other))
const [sd, sdGradient, sdRandom] = ['safedagger', 'safedagger-gradient', 'safedagger-gradient-random'] as const
const [gradient, gradientRandom] = ['loss-gradient', 'loss-gradient-random'] as const

/** The paper's claims (section 4), written down before the runs that decide them. */
export const claims: readonly Claim[] = [
  onReacher('the gradient lowers the loss of Loss', losesLess(gradient, 'loss')),
  onReacher('the gradient makes Loss more efficient', isMoreEfficient(gradient, 'loss')),
  onReacher('the gradient lowers the loss of SafeDAgger', losesLess(sdGradient, sd)),
  onReacher('the gradient makes SafeDAgger more efficient', isMoreEfficient(sdGradient, sd)),
  onReacher('random sampling lowers the loss of Loss Gradient', losesLess(gradientRandom, gradient)),
  onReacher('random sampling makes Loss Gradient more efficient', isMoreEfficient(gradientRandom, gradient)),
  onReacher('random sampling lowers the loss of SD Gradient', losesLess(sdRandom, sdGradient)),
  onReacher('random sampling makes SD Gradient more efficient', isMoreEfficient(sdRandom, sdGradient)),
  ...(['reacher', 'hopper'] as const).flatMap((task) => [
    on(task, 'risk-aware strategies are ahead of DAgger early on', aheadOfDAggerEarly),
    on(task, 'DAgger performs best', ...daggerLosesLess(strategyNames.filter((name) => name !== 'dagger'))),
    on(task, 'Random matches DAgger with fewer queries', matchesDAgger('random'), queriesLess('random', 'dagger'))
  ]),
  { ...on('hopper', 'most risk-aware strategies fail to reach DAgger', ...daggerLosesLess(riskAware)), majority: true },
  on('hopper', 'SafeDAgger fails to reach DAgger', losesLess('dagger', sd)),
  onReacher('SD Gradient queries less than SafeDAgger for much of the training', queriesLessThroughout(sdGradient, sd)),
  on('hopper', 'SD Gradient does not query less than SafeDAgger', queriesLessThroughout(sd, sdGradient)),
  on('reacher', 'RadGrad matches DAgger with fewer queries', matchesDAgger(gradient), queriesLess(gradient, 'dagger'))
]

/**
 * Evaluates a claim on the results of its task: a part is supported if the 95 % interval of its mean over seeds lies below zero.
 *
 * @param results one a seed; a single seed decides nothing
 * @throws RangeError without results
 */
export function evaluateClaim({ parts, majority, ...rest }: Claim, results: readonly SeedResults[]): ClaimResult {
  const evaluated = parts.map(({ what, number }): PartResult => {
    const numbers = results.map(({ outcomes }) => number(outcomes))
    const estimate = bootstrapMean(numbers, generator(0, 'claim', what))
    // The interval of one seed is a point, which says nothing of other seeds.
    return { what, estimate, verdict: numbers.length < 2 ? 'undecided' : verdictOf(estimate) }
  })
  const count = (verdict: Verdict): number => evaluated.filter((part) => part.verdict === verdict).length
  const most = Math.floor(parts.length / 2) + 1
  const [enough, tooMany] = majority ? [most, most] : [parts.length, 1]
  const verdict =
    count('supported') >= enough ? 'supported' : count('contradicted') >= tooMany ? 'contradicted' : 'undecided'
  const sorted = [...evaluated].sort((a, b) => heightAboveZero(a.estimate) - heightAboveZero(b.estimate) || 0)
  return { ...rest, parts: evaluated, decisive: sorted[enough - 1], verdict }
}

/** Returns the end of an interval above zero in widths of it, since parts differ in units; negative when it lies below zero. */
const heightAboveZero = ({ low, high }: Estimate): number =>
  high === low ? Math.sign(high) * Infinity || 0.5 : high / (high - low)

const verdictOf = ({ low, high }: Estimate): Verdict =>
  high < 0 ? 'supported' : low > 0 ? 'contradicted' : 'undecided'
