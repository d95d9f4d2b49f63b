import { comparison, type Figure, lossAgainstQueries, paperFigure, seedCurves } from 'radgrad'
import { count } from './count.ts'
import { type TaskResults, tasks, type Whose } from './tasks.ts'

/**
 * Draws all figures of some results.
 *
 * @param whose experts: the word goes into titles, and into the names of figures if it is not `our`
 * @returns figures by the names of their files
 */
export function figures(results: TaskResults, whose: Whose): Record<string, Figure> {
  const suffix = whose === 'our' ? '' : `-${whose.toLowerCase().replace(/\W.*/, '')}`
  const ofTask = ({ environment, name, figure }: (typeof tasks)[number]): [string, Figure][] => {
    const seeds = results[environment]
    const over = `${name}, ${whose} expert, ${count(seeds.length)}`
    const number = `figure-${figure}${suffix}`
    return [
      [number, paperFigure(`${name}, ${whose} expert, seed ${seeds[0].seed} (the paper’s Figure ${figure})`, seeds[0])],
      [`${number}-seeds`, seedCurves(`${over}: means and 95 % intervals`, seeds)],
      [`${number}-queries`, lossAgainstQueries(over, seeds)]
    ]
  }
  const both = tasks.map(({ environment, name }) => `${name} ${count(results[environment].length)}`).join(', ')
  return Object.fromEntries([
    ...tasks.flatMap(ofTask),
    [`comparison${suffix}`, comparison(`Both tasks, ${whose} experts (${both})`, results, 'dagger')]
  ])
}
