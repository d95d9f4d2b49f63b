import { comparison, lossAgainstQueries, paperFigure, seedCurves } from 'radgrad'
import { count } from './count.mjs'
import { tasks } from './tasks.mjs'

/**
 * All figures of some contests, by the names of their files.
 *
 * @param contests each task's, by the names of the environments
 * @param whose the experts: the word goes into titles, and into the names of figures if it is not `our`
 */
export function figures(contests, whose) {
  const suffix = whose === 'our' ? '' : `-${whose.toLowerCase().replace(/\W.*/, '')}`
  const ofTask = ({ environment, name, figure }) => {
    const seeds = contests[environment]
    const over = `${name}, ${whose} expert, ${count(seeds.length)}`
    const number = `figure-${figure}${suffix}`
    return [
      [number, paperFigure(`${name}, ${whose} expert, seed ${seeds[0].seed} (the paper’s Figure ${figure})`, seeds[0])],
      [`${number}-seeds`, seedCurves(`${over}: means and 95 % intervals`, seeds)],
      [`${number}-queries`, lossAgainstQueries(over, seeds)]
    ]
  }
  const both = tasks.map(({ environment, name }) => `${name} ${count(contests[environment].length)}`).join(', ')
  return Object.fromEntries([
    ...tasks.flatMap(ofTask),
    [`comparison${suffix}`, comparison(`Both tasks, ${whose} experts (${both})`, contests, 'dagger')]
  ])
}
