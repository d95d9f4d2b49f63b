/** Results by seed, made up so that what is to come of them is known beforehand. */
import type { SeedResults } from '../../lib/analysis/results-by-seed'
import type { Outcome } from '../../lib/record'
import { type StrategyName, strategyNames } from '../../lib/strategies'

/** The queries and the loss of one iteration. */
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

export const seedResults = (
  seed: number,
  iterations: number,
  point: (strategy: StrategyName, iteration: number) => Point
): SeedResults => ({
  seed,
  outcomes: byStrategy((strategy) => outcome(Array.from({ length: iterations }, (_, i) => point(strategy, i + 1))))
})

/** Returns results of which only the last losses matter: those given, and `others` for all other strategies. */
export const withLosses = (
  seed: number,
  losses: Readonly<Partial<Record<StrategyName, number>>>,
  others: number
): SeedResults =>
  seedResults(seed, 2, (strategy, iteration) => ({
    queries: 10 * iteration,
    loss: iteration === 2 ? (losses[strategy] ?? others) : 1000
  }))

/**
 * Returns results as irregular as those of runs, by whole numbers only. As in runs, every state of the first iteration is
 * queried, and every state of all iterations for Supervised and DAgger.
 */
export const scattered = (seed: number, iterations: number): SeedResults =>
  seedResults(seed, iterations, (strategy, iteration) => {
    const k = strategyNames.indexOf(strategy)
    const always = strategy === 'supervised' || strategy === 'dagger'
    const queries = always ? 50 : 20 + ((37 * seed + 11 * k) % 23)
    return {
      queries: 50 + queries * (iteration - 1) - (always ? 0 : (seed * (iteration - 1)) % 5),
      loss: (5 + ((7919 * seed + 104_729 * k + 1_299_709 * iteration) % 97)) / (4 * iteration)
    }
  })
