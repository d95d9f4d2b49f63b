/** The distance of the results with each expert from the paper's Table 2. */
import {
  bootstrap,
  finalIteration,
  formatEstimate,
  generator,
  mean,
  type PaperEnds,
  type PaperEnvironment,
  type SeedResults,
  strategyNames
} from 'radgrad'
import { paperEnds } from './tables.ts'
import { tasks } from './tasks.ts'

/** Results with one expert of one task. */
interface WithExpert {
  readonly environment: PaperEnvironment
  readonly whose: string
  readonly seeds: readonly SeedResults[]
}

const means = (seeds: readonly SeedResults[], field: 'loss' | 'queries'): number[] =>
  strategyNames.map((name) => mean(seeds.map(({ outcomes }) => finalIteration(outcomes[name])[field])))

/** Returns the mean over the nine rows of |log ratio of queries| + |log ratio of loss|, of means over the seeds to the paper's. */
function distance(seeds: readonly SeedResults[], paper: PaperEnds): number {
  const apart = (field: 'loss' | 'queries'): number =>
    mean(means(seeds, field).map((value, i) => Math.abs(Math.log(value / paper[strategyNames[i]][field]))))
  return apart('queries') + apart('loss')
}

/** Returns Kendall's τ of two lists: the share of pairs in the same order less that of pairs in the other. */
export const rankCorrelation = (a: readonly number[], b: readonly number[]): number =>
  mean(a.flatMap((x, i) => a.slice(0, i).map((y, j) => Math.sign(x - y) * Math.sign(b[i] - b[j]))))

/** Writes a row for each expert. */
export function expertsMarkdown(results: readonly WithExpert[]): string {
  const rows = results.map(({ environment, whose, seeds }) => {
    const paper = paperEnds(environment)
    const apart = bootstrap([seeds], ([some]) => distance(some, paper), generator(0, 'distance', environment, whose))
    const losses = strategyNames.map((name) => paper[name].loss)
    const correlation = rankCorrelation(means(seeds, 'loss'), losses).toFixed(2)
    const { name } = tasks.find((task) => task.environment === environment)!
    return `| ${name} | ${whose} | ${formatEstimate(apart, 2)} | ${correlation} |`
  })
  return [
    '| task | expert | distance to Table 2 | rank correlation of the nine losses |',
    '|---|---|---|---|',
    ...rows
  ].join('\n')
}
