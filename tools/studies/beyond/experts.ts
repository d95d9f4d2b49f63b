/**
 * Measures how experts bear noise: data/beyond/experts.csv, the returns of ours and of Berkeley's.
 *
 *     npm run study -- noise FOLDER        with Berkeley's experts in it
 */
import { loadEnvironment, loadExpert, mean, networkOf, paperEnvironments, standardDeviation, trials } from 'radgrad'
import { writeAtomically } from '../../files.ts'
import { inRoot } from '../../setup/root.mjs'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('name the folder with Berkeley’s experts: npm run study -- noise FOLDER')
  process.exit(1)
}
const rows = ['task,expert,noise,return,sd']
for (const task of paperEnvironments)
  for (const [whose, model] of [
    ['ours', await loadExpert(task)],
    ['berkeley', await loadExpert(task, folder)]
  ] as const) {
    const environment = await loadEnvironment(task, { masses: 'legacy' })
    const expert = await networkOf(model)
    for (const noise of [0, 0.05, 0.1, 0.2, 0.3]) {
      const { returns } = await trials(environment, expert, 100, { noise })
      rows.push([task, whose, noise, mean(returns).toFixed(3), standardDeviation(returns).toFixed(3)].join())
    }
  }
await writeAtomically(inRoot('data/beyond/experts.csv'), `${rows.join('\n')}\n`)
