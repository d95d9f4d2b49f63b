/**
 * Looks into runs as notebook 07's after every iteration: what scores find, and where rules query. Adds the runs that
 * data/beyond/scores.csv and data/beyond/shifts.csv lack.
 *
 *     npm run study -- inspect [--tasks reacher,hopper] [--seeds 10]
 */
import { parseArgs } from 'node:util'
import { type AnyStrategyName, loadExpert, type PaperEnvironment, paperEnvironments, protocolFor } from 'radgrad'
import { openTable } from '../table.ts'
import { measureScores, columns as scoreColumns } from './scores.ts'
import { measureShift, columns as shiftColumns } from './shifts.ts'

/** The rate of the rules that are looked into. */
const rate = 0.15

const shifting: readonly AnyStrategyName[] = [
  'random',
  'loss',
  'loss-gradient',
  'safedagger',
  'safedagger-gradient',
  'ensembledagger',
  'bagger',
  'lazydagger',
  'thriftydagger',
  'crsail'
]

const { values } = parseArgs({
  options: { tasks: { type: 'string', default: paperEnvironments.join() }, seeds: { type: 'string', default: '10' } }
})
const scores = openTable('beyond/scores.csv', scoreColumns, 3)
const shifts = openTable('beyond/shifts.csv', shiftColumns, 3)

for (const task of values.tasks.split(',') as PaperEnvironment[]) {
  const expert = await loadExpert(task)
  for (let seed = 1; seed <= Number(values.seeds); seed++) {
    // everywhere, and by RadGrad's own rule, whose data are what it chose
    if (!scores.has(task, 'dagger', seed))
      await scores.add(await measureScores(protocolFor(task, 'dagger', expert, { trials: 1 }), seed))
    if (!scores.has(task, 'loss-gradient', seed))
      await scores.add(await measureScores(protocolFor(task, 'loss-gradient', expert, { trials: 1, rate }), seed))
    for (const strategy of shifting)
      if (!shifts.has(task, strategy, seed))
        await shifts.add(await measureShift(protocolFor(task, strategy, expert, { trials: 1, rate }), seed))
  }
}
