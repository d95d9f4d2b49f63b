import {
  chooseThresholds,
  choosingSeeds,
  type Figure,
  frontCurves,
  mean,
  type ResultsByTask,
  type RunRecord,
  resultSeeds,
  type SeedResults,
  type StrategyName,
  studyTrials,
  summarizeRun,
  sweepPoints,
  withSeeds
} from 'radgrad'
import { yieldToEventLoop } from 'radgrad/dist/internal.js'
import { tasks } from './tasks.ts'

/**
 * Draws each task's loss against queries, of all rules at thresholds set by what they cost (notebook 07).
 *
 * @param records of those runs
 * @param nine results of the paper's nine, with the same experts: their DAgger and Supervised are the levels
 * @param signal stops it
 * @returns figures by the names of their files
 */
export async function fronts(records: Iterable<RunRecord>, nine: ResultsByTask, signal?: AbortSignal) {
  const all = await sweepPoints(records)
  const drawn: Record<string, Figure> = {}
  for (const { environment } of tasks) {
    await yieldToEventLoop(signal)
    const own = all.filter(({ protocol }) => protocol.environment === environment)
    const swept = withSeeds(own, (seed) => choosingSeeds.includes(seed))
    const results = withSeeds(own, (seed) => resultSeeds.includes(seed))
    const best = chooseThresholds(swept).flatMap((chosen) =>
      results.filter(({ protocol }) => protocol === chosen.protocol)
    )
    const about = `Our expert, ${choosingSeeds.length} seeds a threshold`
    const levels = {
      DAgger: level(nine[environment], 'dagger'),
      Supervised: level(nine[environment], 'supervised')
    }
    drawn[`fronts-${environment}`] = frontCurves(about, swept, best, levels)
  }
  return drawn
}

/** Averages a strategy's loss over seeds, by as many trials as the other runs have, from the same starts. */
const level = (nine: readonly SeedResults[], name: StrategyName): number =>
  mean(nine.map(({ outcomes }) => summarizeRun(outcomes[name], studyTrials).loss))
