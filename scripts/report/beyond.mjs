import { bestOfEach, frontCurves, mean, ofSeeds, readResults, samples, settled } from 'radgrad'
import { turn } from '../../lib/dist/turn.js'
import { budget, isForChoosing, isForResults, trials } from '../beyond/plan.mjs'
import { tasks } from './tasks.mjs'

/**
 * Each task's loss against queries, of all rules at thresholds set by what they cost (notebook 07).
 *
 * @param folder of those runs' records
 * @param contests each task's of the paper's nine, with our experts: their DAgger and Supervised are the levels
 * @param signal stops it
 */
export async function fronts(folder, contests, signal) {
  const { records } = await readResults(folder)
  const all = await samples(records.values())
  const drawn = {}
  for (const { environment, name } of tasks) {
    await turn(signal)
    const own = all.filter(({ protocol }) => protocol.environment === environment)
    const swept = ofSeeds(own, isForChoosing)
    const results = ofSeeds(own, isForResults)
    const best = bestOfEach(budget(swept), swept).flatMap((chosen) =>
      results.filter(({ protocol }) => protocol === chosen.protocol)
    )
    const levels = {
      DAgger: level(contests[environment], 'dagger'),
      Supervised: level(contests[environment], 'supervised')
    }
    drawn[`fronts-${environment}`] = frontCurves(`${name}, our expert: loss against queries`, swept, best, levels)
  }
  return drawn
}

/** By as many trials as the other runs have, from the same starts. */
const level = (contests, name) => mean(contests.map(({ outcomes }) => settled(outcomes[name], trials).loss))
