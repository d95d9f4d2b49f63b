import {
  claimsFigure,
  comparison,
  type Figure,
  finalLosses,
  lossAgainstQueries,
  nineFigure,
  paperFigure,
  type ResultsByTask,
  type SeedResults,
  table2Figure
} from 'radgrad'
import { mapValues } from 'radgrad/dist/internal.js'
import { count } from './count.ts'
import { type ClaimOverSeeds, paperEnds } from './tables.ts'
import { tasks, type Whose } from './tasks.ts'

/**
 * Draws each task's figures of some results.
 *
 * @param whose experts: the word goes into subtitles, and into the names of figures if it is not `our`
 * @returns figures by the names of their files
 */
export function figures(results: ResultsByTask, whose: Whose): Record<string, Figure> {
  const suffix = whose === 'our' ? '' : `-${whose.toLowerCase().replace(/\W.*/, '')}`
  const expert = whose === 'our' ? 'Our expert' : `${whose} expert`
  const ofTask = ({ environment, figure }: (typeof tasks)[number]): [string, Figure][] => {
    const seeds = results[environment]
    const [paper, number] = [paperEnds(environment), `figure-${figure}${suffix}`]
    const [one, all] = [`${expert}, seed ${seeds[0].seed}`, `${expert}, ${count(seeds.length)}`]
    return [
      [number, nineFigure(environment, [seeds[0]], `The paper’s Figure ${figure}. ${one}`, paper)],
      [`${number}-paper`, paperFigure(environment, [seeds[0]], `The paper’s Figure ${figure}. ${one}`)],
      [`${number}-seeds`, nineFigure(environment, seeds, all, paper)],
      [`${number}-queries`, lossAgainstQueries(environment, seeds, all, paper)]
    ]
  }
  return Object.fromEntries(tasks.flatMap(ofTask))
}

/**
 * Draws what compares experts.
 *
 * @param verdicts on all claims, by whose experts they are of
 * @returns figures by the names of their files
 */
export function comparisons(
  byExpert: Readonly<Record<string, ResultsByTask>>,
  verdicts: Readonly<Record<string, readonly ClaimOverSeeds[]>>
): Record<string, Figure> {
  const named = <T>(of: Readonly<Record<string, T>>, word: string): Record<string, T> =>
    Object.fromEntries(Object.entries(of).map(([whose, value]) => [`${whose} ${word}`, value]))
  const table = ({ environment }: (typeof tasks)[number]): [string, Figure] => {
    const seeds = Object.entries(byExpert).map(([whose, results]): [string, readonly SeedResults[]] => [
      `${whose} expert`,
      results[environment]
    ])
    return [`table-2-${environment}`, table2Figure(environment, Object.fromEntries(seeds), paperEnds(environment))]
  }
  return {
    claims: claimsFigure(named(verdicts, 'experts')),
    ...Object.fromEntries(tasks.map(table)),
    comparison: comparison('Both tasks', mapValues(named(byExpert, 'experts'), finalLosses), 'dagger')
  }
}
