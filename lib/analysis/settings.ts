import { hash } from '../experiments/hash'
import type { Outcome, RecordedProtocol, RunRecord } from '../experiments/record'
import { mean } from '../statistics'
import { final } from './contests'

/** What the runs of one protocol came to: a rule at one threshold. */
export interface Setting {
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

/** A run by its last five iterations. */
export const settled = (outcome: Outcome): Omit<Settled, 'seed'> => ({
  queries: final(outcome).queries,
  loss: mean(outcome.iterations.slice(-5).map(({ loss }) => loss))
})

/** Records by their protocols. */
export async function settings(records: Iterable<RunRecord>): Promise<Setting[]> {
  const found = new Map<string, { protocol: RecordedProtocol; runs: Settled[] }>()
  for (const { protocol, seed, outcome } of records) {
    const key = await hash(protocol)
    const setting = found.get(key) ?? { protocol, runs: [] }
    setting.runs.push({ seed, ...settled(outcome) })
    found.set(key, setting)
  }
  for (const { runs } of found.values()) runs.sort((a, b) => a.seed - b.seed)
  return [...found.values()]
}

/** The same settings by some of their seeds; those without any are left out. */
export const ofSeeds = (settings: readonly Setting[], wanted: (seed: number) => boolean): Setting[] =>
  settings
    .map(({ protocol, runs }) => ({ protocol, runs: runs.filter(({ seed }) => wanted(seed)) }))
    .filter(({ runs }) => runs.length > 0)

/** Of some settings the one that loses least among those that ask no more than so often; among all where none does. */
export function bestWithin(budget: number, settings: readonly Setting[]): Setting | undefined {
  const affordable = settings.filter((setting) => means(setting).queries <= budget)
  const loss = (setting: Setting): number => means(setting).loss
  return [...(affordable.length > 0 ? affordable : settings)].sort((a, b) => loss(a) - loss(b))[0]
}

/** The means over a setting's runs. */
export const means = ({ runs }: Setting): Pick<Settled, 'queries' | 'loss'> => ({
  queries: mean(runs.map(({ queries }) => queries)),
  loss: mean(runs.map(({ loss }) => loss))
})
