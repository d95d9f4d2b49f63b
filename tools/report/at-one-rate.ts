/** The paper's nine on every task by the same numbers, with rules set to one rate: losses, a summary over tasks, and the claims. */
import {
  bootstrapMean,
  claims,
  comparison,
  type EnvironmentName,
  evaluateClaim,
  type Figure,
  finalLosses,
  formatEstimate,
  generator,
  loadExpert,
  protocolFor,
  type ResultsByTask,
  type RunRecord,
  strategyNames,
  titleOf,
  withExpertHash
} from 'radgrad'
import { avoidedLoss, improvementProbabilities, tasks } from 'radgrad/dist/internal.js'
import { nineAtOneRate } from './nine-at-one-rate.ts'
import { estimateDigits } from './tables.ts'

/** The paper's claims that can be put to any task, each once: all but those on the queries at Table 1's thresholds. */
const generalClaims = claims.filter(
  ({ claim, parts }, i) =>
    !parts.some(({ what }) => what.startsWith('queries so far')) &&
    claims.findIndex((other) => other.claim === claim) === i
)

/** Returns the results of the nine at one rate on some tasks, by the tasks' names in Gym. */
export async function resultsAtOneRate(
  records: readonly RunRecord[],
  names: readonly EnvironmentName[]
): Promise<ResultsByTask> {
  const byTask = names.map(async (name) => {
    const protocol = await withExpertHash(protocolFor(name, 'dagger', await loadExpert(name)))
    return [tasks[name].gym, await nineAtOneRate(records, protocol)] as const
  })
  return Object.fromEntries(await Promise.all(byTask))
}

/** Draws how much of Supervised's loss each strategy avoids, over all tasks and on each, and how probably it loses less than Random. */
export function figureAtOneRate(results: ResultsByTask): Figure {
  const losses = finalLosses(results)
  const each = Object.entries(losses).map(([task, of]) => [task, { [task]: of }])
  return comparison(
    'Our experts, rules set to query in 30 % of the states',
    { 'all tasks': losses, ...Object.fromEntries(each) },
    'random'
  )
}

/** Writes a row for each strategy: its loss on each task, and how it does over all of them. */
export function lossesAtOneRate(results: ResultsByTask): string {
  const losses = finalLosses(results)
  const avoided = avoidedLoss(losses)
  const than = {
    Random: improvementProbabilities(losses, 'random'),
    DAgger: improvementProbabilities(losses, 'dagger')
  }
  const names = Object.keys(losses)
  const rows = strategyNames.map((strategy) => {
    const cells = names.map((task) => {
      const loss = bootstrapMean(losses[task][strategy], generator(0, 'at one rate', task, strategy))
      return formatEstimate(loss, estimateDigits(loss))
    })
    const overall = [avoided, ...Object.values(than)].map((of) => formatEstimate(of[strategy], 2))
    return `| ${titleOf(strategy)} | ${[...cells, ...overall].join(' | ')} |`
  })
  const heads = [...names, 'avoided of Supervised’s', ...Object.keys(than).map((name) => `P(less than ${name})`)]
  return [`| loss of | ${heads.join(' | ')} |`, `|---${'|---'.repeat(heads.length)}|`, ...rows].join('\n')
}

/** Writes a row for each claim that can be put to any task: the verdict on each, and the number that decides it. */
export function claimsAtOneRate(results: ResultsByTask): string {
  const names = Object.keys(results)
  const rows = generalClaims.map((claim) => {
    const cells = names.map((task) => {
      const { verdict, decisive } = evaluateClaim(claim, results[task])
      return `**${verdict}**<br>${formatEstimate(decisive.estimate, estimateDigits(decisive.estimate))}`
    })
    return `| ${claim.claim} | ${cells.join(' | ')} |`
  })
  return [`| the paper’s claim | ${names.join(' | ')} |`, `|---${'|---'.repeat(names.length)}|`, ...rows].join('\n')
}
