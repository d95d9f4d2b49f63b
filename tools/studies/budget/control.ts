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
  summarizeRun
} from 'radgrad'
import { gather } from '../../record.ts'
import { openTable } from '../table.ts'
import { budgets, spread } from './plan.ts'

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: 'reacher' }, seeds: { type: 'string', default: '10' } }
})
const table = openTable('budget/control.csv', ['task', 'times', 'seed', 'queries', 'loss', 'last_loss', 'steps'], 3)

for (const task of values.tasks.split(',') as PaperEnvironment[])
  for (const { protocol, seed } of spread(task, await loadExpert(task), ['random'])) {
    const { times } = budgets[task].ways.find(({ rate }) => rate === protocol.rate) ?? {}
    if (seed > Number(values.seeds) || table.has(task, times, seed)) continue
    const participants = await participantsOf(protocol)
    const strategy = { ...participants.strategy, control: learnerThroughout }
    const { outcome } = await gather(imitate({ ...participants, strategy }, protocol, seed))
    const { queries, loss } = summarizeRun(outcome)
    const last = finalIteration(outcome)
    await table.add([[task, times, seed, queries, loss, last.loss, last.steps]])
  }
