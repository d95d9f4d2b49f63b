/**
 * Measures where rules query: the learner's true error there and in all visited states; and the fraction of risky states among those in which the
 * rule would query if the learner went on alone, as an expert in control prevents what the risk is of.
 */
import {
  collect,
  distances,
  type Environment,
  imitate,
  learnerThroughout,
  mean,
  type Protocol,
  participantsOf
} from 'radgrad'
import { calibrate } from 'radgrad/dist/internal.js'
import { riskyStates } from './marks.ts'

const episodes = 20

export const columns = [
  'task',
  'strategy',
  'seed',
  'iteration',
  'queried',
  'error_labelled',
  'error_visited',
  'risky_queried',
  'risky_visited'
]

interface States {
  readonly rows: number
  readonly observations: Float32Array
}

/** Returns a row for each iteration. */
export async function measureShift(protocol: Protocol, seed: number) {
  const { environment, strategy, expert } = await participantsOf(protocol)
  const rows: (string | number | undefined)[][] = []
  for await (const { record, policy, critic } of imitate({ environment, strategy, expert }, protocol, seed)) {
    const key = [seed, record.iteration, 'shift']
    const collectors = { environment, policy, expert, strategy, critic }
    const [querying] = await calibrate(collectors, key)
    const { visited, labelled } = await collect({ ...collectors, strategy: querying }, episodes, key)
    const { title, rule } = querying
    const unhelped = { title, rule, control: learnerThroughout }
    const alone = await collect({ ...collectors, strategy: unhelped }, episodes, [...key, 'alone'])
    const error = ({ observations, rows }: States): number =>
      mean(distances(expert.predict(observations, rows), policy.predict(observations, rows), rows))
    const risky = riskyStates(alone.visited, environment.horizon)
    const riskyQueried = marksAt(environment, alone.labelled, alone.visited, risky)
    rows.push([
      ...[protocol.environment, protocol.strategy, seed, record.iteration, labelled.rows / visited.rows],
      labelled.rows > 0 ? error(labelled) : undefined,
      error(visited),
      riskyQueried.length > 0 ? mean(riskyQueried) : undefined,
      mean(risky)
    ])
  }
  return rows
}

/** Returns the marks of some of the visited states. */
function marksAt({ observationSize: m }: Environment, some: States, visited: States, marks: Uint8Array): number[] {
  const key = ({ observations }: States, row: number) => observations.subarray(row * m, (row + 1) * m).join()
  const rowOf = new Map(Array.from({ length: visited.rows }, (_, row) => [key(visited, row), row]))
  return Array.from({ length: some.rows }, (_, row) => marks[rowOf.get(key(some, row))!])
}
