/**
 * Computes the runs of the paper's nine strategies on other tasks that data/tasks/records lacks; interrupted, it goes on where it was.
 *
 *     npm run study -- tasks [--tasks halfcheetah,walker2d] [--strategies random,…] [--experts FOLDER] [--workers N | --queue URL]
 *
 * The folder has an expert for each task: Berkeley's `HalfCheetah-v2.pkl`, or a saved model in `halfcheetah/`.
 */
import { strategyNames } from 'radgrad'
import { runStudy } from '../study.ts'
import { nine, otherTasks } from './plan.ts'

await runStudy({
  tasks: otherTasks,
  strategies: strategyNames,
  parts: { nine },
  folder: 'tasks/records',
  label: ({ rate }) => (rate === undefined ? '' : `rate ${rate}`)
})
