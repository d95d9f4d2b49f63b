/** The table of the study: how far each variant is from the paper's Table 2. */
import { mean, type PaperEnvironment, type StrategyName, strategyNames } from 'radgrad'
import { plan, variants } from './plan.ts'

export interface Counts {
  readonly queries: number
  readonly loss: number
}

/** Runs of the study by environment, variant, strategy and seed. */
export type Runs = ReadonlyMap<string, Counts>

export const runKey = (environment: string, variant: string, strategy: string, seed: number | string): string =>
  [environment, variant, strategy, seed].join()

/** Returns the mean over the nine rows of |log ratio of queries| + |log ratio of loss|, ours to the paper's. */
export function distanceToTable2(
  environment: PaperEnvironment,
  variant: string,
  seed: number,
  runs: Runs,
  paper: ReadonlyMap<string, Counts>
): number {
  const apart = (ours: number, theirs: number): number => Math.abs(Math.log(ours / theirs))
  const run = (strategy: StrategyName): Counts => {
    const name = variants[variant].affects.includes(strategy) ? variant : 'base'
    return runs.get(runKey(environment, name, strategy, seed))!
  }
  return mean(
    strategyNames.map((strategy) => {
      const [ours, theirs] = [run(strategy), paper.get([environment, strategy].join())!]
      return apart(ours.queries, theirs.queries) + apart(Math.max(ours.loss, 0.01), theirs.loss)
    })
  )
}

/** Returns a task's table in Markdown: each variant's distance by seed, and its change from the base's with the same seeds. */
export function distanceTable(environment: PaperEnvironment, runs: Runs, paper: ReadonlyMap<string, Counts>): string {
  const of = (variant: string, seed: number) => distanceToTable2(environment, variant, seed, runs, paper)
  const rows = plan
    .filter((part) => part.environment === environment)
    .flatMap((part) => part.variants.map((variant) => ({ variant, seeds: part.seeds })))
    .map(({ variant, seeds }) => {
      const distances = seeds.map((seed) => of(variant, seed))
      const change = mean(distances) - mean(seeds.map((seed) => of('base', seed)))
      const cells = [0, 1, 2].map((i) => distances[i]?.toFixed(2) ?? '')
      const shown = variant === 'base' ? '' : `${change > 0 ? '+' : ''}${change.toFixed(2)}`
      return `| ${[variant, ...cells, mean(distances).toFixed(2), shown].join(' | ')} |`
    })
  const head = `| ${environment} | 101 | 102 | 103 | mean | mean less the base's, same seeds |\n|---|---|---|---|---|---|`
  return [head, ...rows].join('\n')
}
