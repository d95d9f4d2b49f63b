import { hash } from '../experiments/hash'
import type { Outcome, RecordedProtocol, RunRecord } from '../experiments/record'
import { mean } from '../statistics'

/** What the runs of one protocol came to: a rule at one threshold. */
export interface Sample {
  readonly protocol: RecordedProtocol
  /** By seed, ascending. */
  readonly runs: readonly Settled[]
}

/** What a run cost, and what it came to. */
export interface Settled {
  readonly seed: number
  readonly queries: number
  /** Mean over the last five iterations: on Hopper a single one says little. */
  readonly loss: number
}

/**
 * A run by its last five iterations.
 *
 * @param trials how many of its trials count, the first ones: to compare it with a run that has no more, from the same starts
 */
export function settled({ iterations, expertReturns }: Outcome, trials = expertReturns.length): Omit<Settled, 'seed'> {
  const best = mean(expertReturns.slice(0, trials))
  return {
    queries: iterations[iterations.length - 1].queries,
    loss: mean(iterations.slice(-5).map(({ returns }) => best - mean(returns.slice(0, trials))))
  }
}

/** Records by their protocols. */
export async function samples(records: Iterable<RunRecord>): Promise<Sample[]> {
  const found = new Map<string, { protocol: RecordedProtocol; runs: Settled[] }>()
  for (const { protocol, seed, outcome } of records) {
    const key = await hash(protocol)
    const sample = found.get(key) ?? { protocol, runs: [] }
    sample.runs.push({ seed, ...settled(outcome) })
    found.set(key, sample)
  }
  for (const { runs } of found.values()) runs.sort((a, b) => a.seed - b.seed)
  return [...found.values()]
}

/** The same samples by some of their seeds; those without any are left out. */
export const ofSeeds = (samples: readonly Sample[], wanted: (seed: number) => boolean): Sample[] =>
  samples
    .map(({ protocol, runs }) => ({ protocol, runs: runs.filter(({ seed }) => wanted(seed)) }))
    .filter(({ runs }) => runs.length > 0)

/** Of some samples the one that loses least among those that ask no more than so often; among all where none does. */
export function bestWithin(budget: number, samples: readonly Sample[]): Sample | undefined {
  const affordable = samples.filter((sample) => means(sample).queries <= budget)
  const loss = (sample: Sample): number => means(sample).loss
  return [...(affordable.length > 0 ? affordable : samples)].sort((a, b) => loss(a) - loss(b))[0]
}

/** The best of each rule; rules in the order in which they come. */
export function bestOfEach(budget: number, samples: readonly Sample[]): Sample[] {
  const rules = new Set(samples.map(({ protocol }) => protocol.strategy))
  return [...rules].flatMap(
    (rule) =>
      bestWithin(
        budget,
        samples.filter(({ protocol }) => protocol.strategy === rule)
      ) ?? []
  )
}

/** The means over a sample's runs. */
export const means = ({ runs }: Sample): Pick<Settled, 'queries' | 'loss'> => ({
  queries: mean(runs.map(({ queries }) => queries)),
  loss: mean(runs.map(({ loss }) => loss))
})
