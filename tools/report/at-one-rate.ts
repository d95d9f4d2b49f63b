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
  mean,
  paperEnvironments,
  protocolFor,
  type ResultsByTask,
  type RunRecord,
  resultSeeds,
  type StrategyName,
  strategyNames,
  titleOf,
  type Verdict,
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

/** Draws how much of Supervised's loss each strategy avoids, over all tasks, the paper's and the others, and how probably it loses less than Random. */
export function figureAtOneRate(results: ResultsByTask): Figure {
  const losses = finalLosses(results)
  const papers = paperEnvironments.map((name) => tasks[name].gym)
  const some = (isOne: (task: string) => boolean) =>
    Object.fromEntries(Object.entries(losses).filter(([task]) => isOne(task)))
  return comparison(
    'Our experts, rules set to query in 30 % of the states',
    {
      'all tasks': losses,
      'the paper’s two': some((task) => papers.includes(task)),
      'two more': some((task) => !papers.includes(task))
    },
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

/** Returns the verdicts on each claim that can be put to any task, one a task. */
export const verdictsAtOneRate = (results: ResultsByTask) =>
  generalClaims.map((claim) => ({
    claim: claim.claim,
    verdicts: Object.values(results).map((seeds) => evaluateClaim(claim, seeds))
  }))

type Verdicts = ReturnType<typeof verdictsAtOneRate>

/** Says whether a part of a claim, by its name, is a number of queries. */
const isOfQueries = (what: string): boolean => what.startsWith('queries')

/** The claims that the README shows, each with the two strategies that it compares. */
const headlines: readonly (readonly [string, StrategyName, StrategyName])[] = [
  ['the gradient lowers the loss of Loss', 'loss-gradient', 'loss'],
  ['the gradient lowers the loss of SafeDAgger', 'safedagger-gradient', 'safedagger'],
  ['random sampling lowers the loss of Loss Gradient', 'loss-gradient-random', 'loss-gradient'],
  ['RadGrad matches DAgger with fewer queries', 'loss-gradient', 'dagger'],
  ['Random matches DAgger with fewer queries', 'random', 'dagger'],
  ['SafeDAgger fails to reach DAgger', 'safedagger', 'dagger']
]

/** Writes the README's table: a row for each of six claims, the losses that it compares and the verdict on each task. */
export function headlinesAtOneRate(results: ResultsByTask, judged: Verdicts): string {
  const losses = Object.entries(finalLosses(results))
  const rows = headlines.map(([text, a, b]) => {
    const found = judged.find(({ claim }) => claim === text)
    if (!found) throw new Error(`there is no claim '${text}'`)
    const cells = losses.map(([, of], i) => {
      const digits = mean(of.supervised) < 10 ? 2 : 0
      const [first, second] = [a, b].map((strategy) => mean(of[strategy]).toFixed(digits))
      const { verdict, decisive } = found.verdicts[i]
      const why = verdict !== 'supported' && isOfQueries(decisive.what) ? ', for its queries' : ''
      return `${first}, ${second}: **${verdict}**${why}`
    })
    return `| ${text} | ${titleOf(a)}, ${titleOf(b)} | ${cells.join(' | ')} |`
  })
  const heads = ['the paper’s claim', 'losses of', ...losses.map(([task]) => task)]
  const caption = `*Losses by the last five iterations, means over ${resultSeeds.length} seeds, our experts.*`
  return [`| ${heads.join(' | ')} |`, `${'|---'.repeat(heads.length)}|`, ...rows, '', caption].join('\n')
}

/**
 * Writes a row for each claim that can be put to any task: the verdict on each, the number that decides it, and on how many it is supported
 * and contradicted. What holds on most is first.
 */
export function claimsAtOneRate(results: ResultsByTask, judged: Verdicts): string {
  const counted = judged.map((one) => {
    const count = (wanted: Verdict) => one.verdicts.filter(({ verdict }) => verdict === wanted).length
    return { ...one, supported: count('supported'), contradicted: count('contradicted') }
  })
  counted.sort((a, b) => b.supported - b.contradicted - (a.supported - a.contradicted))
  const rows = counted.map(({ claim, verdicts, supported, contradicted }) => {
    const cells = verdicts.map(({ verdict, decisive: { what, estimate } }) => {
      return `**${verdict}**<br>${isOfQueries(what) ? 'queries: ' : ''}${formatEstimate(estimate, estimateDigits(estimate))}`
    })
    const madeOn = claims.filter((one) => one.claim === claim).map(({ environment }) => tasks[environment].gym)
    return `| ${claim} | ${[madeOn.join(', '), ...cells].join(' | ')} | ${supported}, ${contradicted} |`
  })
  const heads = ['made on', ...Object.keys(results), 'supported, contradicted']
  return [`| the paper’s claim | ${heads.join(' | ')} |`, `|---${'|---'.repeat(heads.length)}|`, ...rows].join('\n')
}
