import { integer, type Rng } from '../random'
import { mean, quantile } from '../statistics'

/** An estimate, and the interval that holds 95 % of its bootstrap distribution. */
export interface Estimate {
  readonly value: number
  readonly low: number
  readonly high: number
}

/** As `0.81 (0.74 … 0.89)`; the interval is left out where there is none. */
export function inWords({ value, low, high }: Estimate, digits: number): string {
  const fixed = (number: number): string => number.toFixed(digits).replace(/^-(?=[0.]*$)/, '')
  return low === high ? fixed(value) : `${fixed(value)} (${fixed(low)} … ${fixed(high)})`
}

const resamples = 10_000

/**
 * The stratified percentile bootstrap (Efron, 1979; stratified over tasks as in Agarwal et al., 2021): each stratum is drawn
 * anew from itself, as many as it has, with replacement.
 *
 * @param strata a list of observations for each stratum, as the runs of each task; one for a plain bootstrap
 * @throws RangeError for a stratum without observations
 */
export function bootstrap<T>(
  strata: readonly (readonly T[])[],
  statistic: (strata: readonly (readonly T[])[]) => number,
  rng: Rng
): Estimate {
  if (strata.length === 0 || strata.some((stratum) => stratum.length === 0))
    throw new RangeError('there is nothing to estimate from: a stratum has no observations')
  const drawn = Float64Array.from({ length: resamples }, () =>
    statistic(strata.map((stratum) => stratum.map(() => stratum[integer(rng, stratum.length)])))
  ).sort()
  return { value: statistic(strata), low: quantile(drawn, 0.025), high: quantile(drawn, 0.975) }
}

/** The mean of some numbers, with its interval. */
export const bootstrapMean = (values: readonly number[], rng: Rng): Estimate =>
  bootstrap([values], ([drawn]) => mean(drawn), rng)
