/**
 * DAgger on Reacher at the paper's scale: the run as a whole process, and what collecting and testing cost over the bare
 * physics of the same steps.
 *
 *     npm run bench -- reacher
 *
 * After each iteration its collection and trials are done again, with starts and actions written down, and then replayed
 * with nothing but MuJoCo: the two take turns, so both see the same machine.
 */
import { execFileSync } from 'node:child_process'
import loadMujoco from '@mujoco/mujoco'
import { collect, type Environment, evaluate, imitate, loadExpert, participantsOf, protocolFor } from 'radgrad'
import { tasks } from 'radgrad/dist/internal.js'
import { daggerOnReacher } from './dagger-on-reacher.ts'

const { task: reacher, model: reacherModel } = tasks.reacher

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const whole = Array.from({ length: 3 }, () => {
  const begun = performance.now()
  execFileSync(process.execPath, daggerOnReacher)
  return (performance.now() - begun) / 1000
})
console.log(
  `the whole process: ${whole.map((seconds) => seconds.toFixed(1)).join(', ')} s; median ${median(whole).toFixed(1)} s`
)

const mujoco = await loadMujoco()
const model = mujoco.MjModel.from_xml_string(reacherModel('legacy'))
const data = new mujoco.MjData(model)
const { ctrl, qpos, qvel } = data
const seconds = (begun: number): number => (performance.now() - begun) / 1000

interface Recording {
  readonly starts: readonly ReturnType<typeof reacher.draw>[]
  /** Of each episode, one after the other. */
  readonly actions: readonly number[][]
}

/** Wraps the environment, to write down where episodes start and the actions in them. */
function recorded(environment: Environment) {
  const recordings: Recording[] = []
  const reset: Environment['reset'] = (rngs) => {
    const starts = rngs.map((rng) => reacher.draw(rng))
    const actions = starts.map((): number[] => [])
    recordings.push({ starts, actions })
    const episodes = environment.resetTo(starts)
    const step: typeof episodes.step = (rows, given) => {
      for (let row = 0; row < rows.length; row++) actions[rows[row]].push(given[2 * row], given[2 * row + 1])
      return episodes.step(rows, given)
    }
    return {
      observations: episodes.observations,
      pose: episodes.pose,
      get running() {
        return episodes.running
      },
      step
    }
  }
  return { environment: { ...environment, reset }, recordings }
}

/** Takes the same steps and nothing else: two of MuJoCo's for each of the environment's. */
function replay({ starts, actions }: Recording): void {
  starts.forEach((start, e) => {
    mujoco.mj_resetData(model, data)
    qpos.set(start.qpos)
    qvel.set(start.qvel)
    mujoco.mj_forward(model, data)
    for (let i = 0; i < actions[e].length; i += 2) {
      ctrl[0] = actions[e][i]
      ctrl[1] = actions[e][i + 1]
      mujoco.mj_step(model, data)
      mujoco.mj_step(model, data)
    }
  })
}

const protocol = protocolFor('reacher', 'dagger', await loadExpert('reacher'))
const participants = await participantsOf(protocol)
const { environment, recordings } = recorded(participants.environment)
const total = { collect: 0, train: 0, test: 0 }
const again = { ours: 0, bare: 0 }
for await (const iteration of imitate(participants, protocol, 1)) {
  for (const part of ['collect', 'train', 'test'] as const) total[part] += iteration.seconds[part]
  const key = [1, iteration.record.iteration]
  let begun = performance.now()
  await collect({ ...participants, environment, policy: iteration.policy }, protocol.episodes, key)
  await evaluate(environment, iteration.policy, protocol.trials)
  again.ours += seconds(begun)
  begun = performance.now()
  for (const recording of recordings.splice(0)) replay(recording)
  again.bare += seconds(begun)
}
for (const [part, took] of Object.entries(total)) console.log(`${part.padEnd(8)} ${took.toFixed(2)} s`)
console.log(`collecting and testing over the bare physics of the same steps: ${(again.ours / again.bare).toFixed(2)}`)
