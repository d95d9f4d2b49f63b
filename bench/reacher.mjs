/**
 * DAgger on Reacher at the paper's scale: the run as a whole process, and what collecting and testing cost over the bare
 * physics of the same steps.
 *
 *     node bench/reacher.mjs
 *
 * The bare physics takes turns with the run, iteration by iteration, so that both see the same machine.
 */
import { execFileSync } from 'node:child_process'
import { createRequire } from 'node:module'
import loadMujoco from '@mujoco/mujoco'
import { generator, imitate, loadExpert, protocolFor, uniform } from 'radgrad'

const { reacherModel } = createRequire(import.meta.url)('radgrad/dist/environments/reacher.js')
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]

const command = [
  'node_modules/.bin/radgrad',
  'run',
  '--environment',
  'reacher',
  '--strategy',
  'dagger',
  '--seed',
  '1',
  '--json'
]
const whole = Array.from({ length: 3 }, () => {
  const begun = performance.now()
  execFileSync(process.execPath, command)
  return (performance.now() - begun) / 1000
})
console.log(
  `the whole process: ${whole.map((seconds) => seconds.toFixed(1)).join(', ')} s; median ${median(whole).toFixed(1)} s`
)

const mujoco = await loadMujoco()
const model = mujoco.MjModel.from_xml_string(reacherModel('legacy'))
const data = new mujoco.MjData(model)
const { ctrl } = data
const rng = generator(1, 'controls')

/** Seconds for so many steps of the environment, two of MuJoCo's each, under controls as a policy gives them. */
function barePhysics(steps) {
  const begun = performance.now()
  for (let step = 0; step < steps; step++) {
    if (step % 50 === 0) mujoco.mj_resetData(model, data)
    ctrl[0] = uniform(rng, -0.2, 0.2)
    ctrl[1] = uniform(rng, -0.2, 0.2)
    mujoco.mj_step(model, data)
    mujoco.mj_step(model, data)
  }
  return (performance.now() - begun) / 1000
}

const protocol = protocolFor('reacher', 'dagger', await loadExpert('reacher'))
const total = { collect: 0, train: 0, test: 0, bare: 0 }
for await (const { record, seconds } of imitate(protocol, 1)) {
  for (const part of Object.keys(seconds)) total[part] += seconds[part]
  // in the first iteration the expert is tried too
  total.bare += barePhysics((protocol.episodes + protocol.trials * (record.iteration === 1 ? 2 : 1)) * 50)
}
for (const [part, seconds] of Object.entries(total)) console.log(`${part.padEnd(8)} ${seconds.toFixed(2)} s`)
console.log(
  `collecting and testing over the bare physics of the same steps: ${((total.collect + total.test) / total.bare).toFixed(2)}`
)
