/** Contests made up so that what is to come of them is known beforehand. */
import type { Contest } from '../../lib/analysis/contests'
import type { Outcome } from '../../lib/experiments/record'
import { hyperparameters, type StrategyName, strategiesFor, strategyNames } from '../../lib/strategies'

/** What one iteration comes to. */
export interface Point {
  readonly queries: number
  readonly loss: number
}

export const outcome = (points: readonly Point[]): Outcome => ({
  iterations: points.map(({ queries, loss }, i) => ({
    iteration: i + 1,
    queries,
    loss,
    lossSd: loss / 4,
    returns: [-loss],
    rules: [],
    constant: []
  })),
  expertReturns: [0],
  validation: { losses: [], best: points.length },
  policy: 'made up'
})

export const byStrategy = <T>(make: (strategy: StrategyName) => T): Record<StrategyName, T> =>
  Object.fromEntries(strategyNames.map((name) => [name, make(name)])) as Record<StrategyName, T>

export const contest = (
  seed: number,
  iterations: number,
  point: (strategy: StrategyName, iteration: number) => Point
): Contest => ({
  seed,
  outcomes: byStrategy((strategy) => outcome(Array.from({ length: iterations }, (_, i) => point(strategy, i + 1))))
})

/** One in which only the last losses are of interest: those given, and for all other strategies `others`. */
export const withLosses = (
  seed: number,
  losses: Readonly<Partial<Record<StrategyName, number>>>,
  others: number
): Contest =>
  contest(seed, 2, (strategy, iteration) => ({
    queries: 10 * iteration,
    loss: iteration === 2 ? (losses[strategy] ?? others) : 1000
  }))

/**
 * One as irregular as those that are run, by whole numbers only. Like those it always asks in the first iteration, and for
 * Supervised and DAgger in all.
 */
export const scattered = (seed: number, iterations: number): Contest =>
  contest(seed, iterations, (strategy, iteration) => {
    const k = strategyNames.indexOf(strategy)
    const always = strategy === 'supervised' || strategy === 'dagger'
    const asks = always ? 50 : 20 + ((37 * seed + 11 * k) % 23)
    return {
      queries: 50 + asks * (iteration - 1) - (always ? 0 : (seed * (iteration - 1)) % 5),
      loss: (5 + ((7919 * seed + 104_729 * k + 1_299_709 * iteration) % 97)) / (4 * iteration)
    }
  })

const strategies = strategiesFor(hyperparameters.reacher)

/** A strategy's name in figures. */
export const titleOf = (strategy: StrategyName): string => strategies[strategy].title
