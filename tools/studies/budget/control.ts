/**
 * Runs Random within the budget with the learner in control throughout, where in the plan's runs the expert acts wherever it is asked. Adds the
 * runs that data/budget/control.csv lacks.
 *
 *     npm run study -- budget-control [--tasks reacher] [--seeds 10]
 */
import { parseArgs } from 'node:util'
import {
  finalIteration,
  imitate,
  learnerThroughout,
  loadExpert,
  type PaperEnvironment,
  participantsOf,
  protocolFor,
  summarizeRun
} from 'radgrad'
import { gather } from '../../record.ts'
import { openTable } from '../table.ts'
import { spread } from './plan.ts'

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: 'reacher' }, seeds: { type: 'string', default: '10' } }
})
const table = openTable('budget/control.csv', ['task', 'times', 'seed', 'queries', 'loss', 'last_loss', 'steps'], 3)

for (const task of values.tasks.split(',') as PaperEnvironment[]) {
  const expert = await loadExpert(task)
  const usual = protocolFor(task, 'random', expert).episodes
  for (const { protocol, seed } of spread(task, expert, ['random'])) {
    const times = protocol.episodes / usual
    if (seed > Number(values.seeds) || table.has(task, times, seed)) continue
    const participants = await participantsOf(protocol)
    const strategy = { ...participants.strategy, control: learnerThroughout }
    const { outcome } = await gather(imitate({ ...participants, strategy }, protocol, seed))
    const { queries, loss } = summarizeRun(outcome)
    const last = finalIteration(outcome)
    await table.add([[task, times, seed, queries, loss, last.loss, last.steps]])
  }
}
