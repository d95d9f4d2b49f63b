/**
 * Measures how experts bear noise: data/beyond/experts.csv, the returns of ours, of the former one of ours for Hopper, and of Berkeley's.
 *
 *     npm run study -- noise FOLDER        with Berkeley's experts in it
 */
import { environments, loadEnvironment, loadExpert, mean, networkOf, standardDeviation, trials } from 'radgrad'
import { writeAtomically } from '../../files.ts'
import { inRoot } from '../../setup/root.mjs'

const [folder] = process.argv.slice(2)
if (!folder) {
  console.error('name the folder with Berkeley’s experts: npm run study -- noise FOLDER')
  process.exit(1)
}
const rows = ['task,expert,noise,return,sd']
for (const task of environments)
  for (const [whose, experts] of [
    ['ours', inRoot('data/experts')],
    ...(task === 'hopper' ? [['fragile', inRoot('data/experts/hopper-fragile')]] : []),
    ['berkeley', folder]
  ]) {
    const environment = await loadEnvironment(task, { masses: 'legacy' })
    const expert = await networkOf(await loadExpert(task, experts))
    for (const noise of [0, 0.05, 0.1, 0.2, 0.3]) {
      const { returns } = await trials(environment, expert, 100, { noise })
      rows.push([task, whose, noise, mean(returns).toFixed(3), standardDeviation(returns).toFixed(3)].join())
    }
  }
await writeAtomically(inRoot('data/beyond/experts.csv'), `${rows.join('\n')}\n`)
