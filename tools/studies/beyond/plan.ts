/**
 * The runs that answer what the paper left open (notebook 07): every strategy at four thresholds, on the choosing seeds; then, on the result
 * seeds, each strategy's best threshold, and the variants that are compared at one rate.
 */
import {
  type AnyStrategyName,
  chooseThresholds,
  choosingSeeds,
  commonRate,
  type EnvironmentName,
  hyperparameters,
  type Model,
  type Protocol,
  protocolFor,
  type SweepPoint,
  studyTrials as trials
} from 'radgrad'
import { type Run, withResultSeeds } from '../runs.ts'

/** Fractions of the states to query in. */
export const rates: readonly number[] = [0.03, 0.1, 0.2, 0.3]

/** Strategies that query in every state have their distance swept instead: Table 1's times these. */
const factors: readonly number[] = [1, 4, 8, 16]

/** Strategies whose rule is set to a rate. */
const setByRate: readonly AnyStrategyName[] = [
  'random',
  'loss',
  'loss-gradient',
  'safedagger',
  'safedagger-gradient',
  'ensembledagger',
  'ensembledagger-gradient',
  'bagger',
  'bagger-gradient',
  'crsail',
  'loss-gradient-random',
  'safedagger-gradient-random',
  'lazydagger',
  'lazydagger-gradient',
  'thriftydagger',
  'thriftydagger-gradient',
  'rnddagger',
  'rnddagger-gradient',
  'bootstrapdagger'
]

/** Strategies that need the expert's action to decide who controls. */
const setByDistance: readonly AnyStrategyName[] = ['dropoutdagger', 'ensembledagger-full']

export const strategies: readonly AnyStrategyName[] = [...setByRate, ...setByDistance]

const thresholdsOf = (environment: EnvironmentName, strategy: AnyStrategyName): Partial<Protocol>[] => {
  if (!setByDistance.includes(strategy)) return rates.map((rate) => ({ trials, rate }))
  const { loss, ...others } = hyperparameters[environment]
  return factors.map((factor) => ({
    trials,
    hyperparameters: { ...others, loss: { ...loss, tau: factor * loss.tau } }
  }))
}

/** Returns the runs of every strategy at its four thresholds. */
export const sweep = (environment: EnvironmentName, expert: Model, of = strategies): Run[] =>
  choosingSeeds.flatMap((seed) =>
    of.flatMap((strategy) =>
      thresholdsOf(environment, strategy).map((changes) => ({
        protocol: protocolFor(environment, strategy, expert, changes),
        seed
      }))
    )
  )

/** The variants compared at the common rate: weights, and readings of the gradient. */
export const variants: readonly (readonly [AnyStrategyName, Partial<Protocol>])[] = [
  ['random', {}],
  ['loss', {}],
  ['loss-gradient', {}],
  ['safedagger', {}],
  ['safedagger-gradient', {}],
  ['loss-gradient-random', {}],
  ['safedagger-gradient-random', {}],
  ['loss-gradient', { weighting: 'nearest' }],
  ['safedagger-gradient', { weighting: 'nearest' }],
  ['loss-gradient', { readings: { loss: 'jacobian', safety: 'probability' } }],
  ['loss-gradient', { readings: { loss: 'sum', safety: 'probability' } }],
  ['safedagger-gradient', { readings: { loss: 'norm', safety: 'logit' } }]
]

/** Returns the runs of the variants. */
export const even = (environment: EnvironmentName, expert: Model): Run[] =>
  withResultSeeds(
    variants.map(([strategy, changes]) =>
      protocolFor(environment, strategy, expert, { trials, rate: commonRate, ...changes })
    )
  )

/**
 * Returns the runs of each strategy's best threshold. Strategies whose sweep is not complete are left out, and all of them without
 * Random's.
 *
 * @param swept the task's points by the choosing seeds
 */
export function best(expert: Model, swept: readonly SweepPoint[], of = strategies): Run[] {
  const complete = (strategy: AnyStrategyName): SweepPoint[] => {
    const own = swept.filter(
      ({ protocol, runs }) => protocol.strategy === strategy && runs.length === choosingSeeds.length
    )
    return own.length === rates.length ? own : []
  }
  const random = complete('random')
  if (random.length === 0) return []
  const chosen = chooseThresholds([...new Set([...of.flatMap(complete), ...random])])
  const wanted = chosen.filter(({ protocol }) => of.includes(protocol.strategy))
  return withResultSeeds(wanted.map(({ protocol }) => ({ ...protocol, expert })))
}
