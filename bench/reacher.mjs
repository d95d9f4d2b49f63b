/**
 * DAgger on Reacher at the paper's scale: the run as a whole process, and what collecting and testing cost over the bare
 * physics of the same steps.
 *
 *     node bench/reacher.mjs
 *
 * After each iteration its collection and trials are done again, with starts and actions written down, and then replayed
 * with nothing but MuJoCo: the two take turns, so both see the same machine.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import loadMujoco from '@mujoco/mujoco'
import {
  collect,
  evaluate,
  hyperparameters,
  imitate,
  loadEnvironment,
  loadExpert,
  networkOf,
  protocolFor,
  strategiesFor
} from 'radgrad'
import { daggerOnReacher } from './dagger-on-reacher.mjs'

const { reacher, reacherModel } = createRequire(import.meta.url)('radgrad/dist/environments/reacher.js')
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

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
const seconds = (begun) => (performance.now() - begun) / 1000

/** The environment, writing down where episodes start and what is done in them. */
function recorded(environment) {
  const recordings = []
  const reset = (rngs) => {
    const starts = rngs.map((rng) => reacher.draw(rng))
    const actions = starts.map(() => [])
    recordings.push({ starts, actions })
    const episodes = environment.resetTo(starts)
    const step = (rows, given) => {
      for (let row = 0; row < rows.length; row++) actions[rows[row]].push(given[2 * row], given[2 * row + 1])
      return episodes.step(rows, given)
    }
    return {
      observations: episodes.observations,
      get running() {
        return episodes.running
      },
      step
    }
  }
  return { environment: { ...environment, reset }, recordings }
}

/** The same steps and nothing else: two of MuJoCo's for each of the environment's. */
function replay({ starts, actions }) {
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

const { dagger } = strategiesFor(hyperparameters.reacher)
const expert = await loadExpert('reacher')
const protocol = protocolFor('reacher', 'dagger', expert)
const expertNetwork = await networkOf(expert)
const { environment, recordings } = recorded(await loadEnvironment('reacher', { masses: 'legacy' }))
const total = { collect: 0, train: 0, test: 0 }
const again = { ours: 0, bare: 0 }
for await (const iteration of imitate(protocol, 1)) {
  for (const part of Object.keys(total)) total[part] += iteration.seconds[part]
  const key = [1, iteration.record.iteration]
  let begun = performance.now()
  await collect(environment, iteration.policy, expertNetwork, dagger, protocol.episodes, key)
  await evaluate(environment, iteration.policy, protocol.trials)
  again.ours += seconds(begun)
  begun = performance.now()
  for (const recording of recordings.splice(0)) replay(recording)
  again.bare += seconds(begun)
}
for (const [part, took] of Object.entries(total)) console.log(`${part.padEnd(8)} ${took.toFixed(2)} s`)
console.log(`collecting and testing over the bare physics of the same steps: ${(again.ours / again.bare).toFixed(2)}`)
