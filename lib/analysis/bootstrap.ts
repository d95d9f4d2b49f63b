import { integer, type Rng } from '../util/random'
import { mean, quantile } from '../util/statistics'

/** An estimate, and the interval that holds 95 % of its bootstrap distribution. */
export type Estimate = { readonly value: number; readonly low: number; readonly high: number }

/**
 * Returns an estimate as `0.81 (0.74 … 0.89)`, without the interval where it is a point.
 *
 * @param digits after the decimal point
 */
export function formatEstimate({ value, low, high }: Estimate, digits: number): string {
  const fixed = (number: number): string => number.toFixed(digits).replace(/^-(?=[0.]*$)/, '')
  return low === high ? fixed(value) : `${fixed(value)} (${fixed(low)} … ${fixed(high)})`
}

/** A list of observations for each stratum, as the runs of each task. */
export type Strata<T> = readonly (readonly T[])[]

const resamples = 10_000

/**
 * Estimates a statistic by the stratified percentile bootstrap (Efron, 1979; stratified over tasks as in Agarwal et al., 2021).
 * Each resample draws as many observations from a stratum as it has, with replacement.
 *
 * @param strata lists of observations; one list for a plain bootstrap
 * @throws RangeError for a stratum without observations
 */
export function bootstrap<T>(strata: Strata<T>, statistic: (strata: Strata<T>) => number, rng: Rng): Estimate {
  if (strata.length === 0 || strata.some((stratum) => stratum.length === 0))
    throw new RangeError('there is nothing to estimate from: a stratum has no observations')
  const resample = strata.map((stratum) => [...stratum])
  const statistics = Float64Array.from({ length: resamples }, () => {
    for (const [s, { length }] of strata.entries())
      for (let i = 0; i < length; i++) resample[s][i] = strata[s][integer(rng, length)]
    return statistic(resample)
  }).sort()
  return { value: statistic(strata), low: quantile(statistics, 0.025), high: quantile(statistics, 0.975) }
}

/**
 * Estimates the mean of values by `bootstrap`, with a 95 % interval.
 *
 * @throws RangeError without values
 */
export const bootstrapMean = (values: readonly number[], rng: Rng): Estimate =>
  bootstrap([values], ([resample]) => mean(resample), rng)
