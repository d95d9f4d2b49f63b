/**
 * Makes our former expert for Reacher, data/experts/reacher-controller: a controller that needs no training, distilled into a network.
 *
 *     npm run study -- distil-reacher [folder]       about two minutes; seed 1
 *
 * The controller solves the arm's inverse kinematics and steers there by proportional and derivative terms. Its elbow
 * jumps from one side to the other, which a network with smooth outputs does not. So the network is trained as in
 * DAgger, on the states that it visits itself.
 */
import { resolve } from 'node:path'
import {
  createNetwork,
  evaluate,
  fit,
  generator,
  loadEnvironment,
  mean,
  modelOf,
  perceptron,
  rollout,
  saveModel,
  standardDeviation
} from 'radgrad'
import { inRoot } from '../../setup/root.mjs'

const folder = resolve(process.argv[2] ?? inRoot('data/experts/reacher-controller/reacher'))
const seed = 1
const rounds = 12
const episodes = 200

/** Lengths of the links from joint to joint, and from the elbow to the fingertip, m. */
const upper = 0.1
const lower = 0.11
/** Torque per radian to go, per radian a second, and at most. */
const stiffness = 0.428
const damping = 0.0688
const strongest = 0.288

const wrap = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI))
const clamp = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value))

/** Returns the controller's action for one observation: cos q (2), sin q (2), target x y, q' (2), tip - target (3). */
function control(observation: Float32Array): number[] {
  const [cos0, cos1, sin0, sin1, x, y, velocity0, velocity1] = observation
  const shoulder = Math.atan2(sin0, cos0)
  const elbow = Math.atan2(sin1, cos1)
  const reach = clamp((x * x + y * y - upper * upper - lower * lower) / (2 * upper * lower), 1)
  const [near, far] = [1, -1].map((side): readonly [number, number] => {
    const bend = side * Math.acos(reach)
    const turn = Math.atan2(y, x) - Math.atan2(lower * Math.sin(bend), upper + lower * Math.cos(bend))
    return [wrap(turn - shoulder), bend - elbow]
  })
  const distance = ([a, b]: readonly [number, number]): number => a * a + b * b
  const [turn, bend] = distance(near) <= distance(far) ? near : far
  return [
    clamp(stiffness * turn - damping * velocity0, strongest),
    clamp(stiffness * bend - damping * velocity1, strongest)
  ]
}

const controller = (observations: Float32Array, rows: number): Float32Array =>
  Float32Array.from(Array.from({ length: rows }, (_, r) => control(observations.subarray(r * 11, r * 11 + 11))).flat())

const environment = await loadEnvironment('reacher', { masses: 'legacy' })
const network = await createNetwork(perceptron(11, [64, 64], 2, { activation: 'tanh' }), generator(seed, 'weights'))

/** Standardises observations for training; folded into the first layer at the end. */
let centre: Float64Array = new Float64Array(11)
let scale: Float64Array = new Float64Array(11).fill(1)
const standardized = (observations: Float32Array): Float32Array =>
  observations.map((value, i) => (value - centre[i % 11]) / scale[i % 11])

const states: number[] = []
for (let round = 0; round <= rounds; round++) {
  const generators = Array.from({ length: episodes }, (_, e) => generator(seed, 'start', round, e))
  const noise = generator(seed, 'noise', round)
  await rollout(environment, environment.reset(generators), (observations, running) => {
    for (const value of observations) states.push(value)
    const actions =
      round === 0
        ? controller(observations, running.length)
        : network.predict(standardized(observations), running.length)
    return actions.map((value) => value + 0.1 * (noise() - 0.5))
  })
  const observations = Float32Array.from(states)
  const rows = observations.length / 11
  if (round === 0) {
    const column = (i: number): number[] => Array.from({ length: rows }, (_, r) => observations[r * 11 + i])
    centre = Float64Array.from({ length: 11 }, (_, i) => mean(column(i)))
    scale = Float64Array.from({ length: 11 }, (_, i) => standardDeviation(column(i)) || 1)
  }
  const examples = {
    rows,
    inputs: standardized(observations),
    targets: controller(observations, rows),
    validation: Uint8Array.from({ length: rows }, (_, r) => Number(r % 20 === 0))
  }
  for (const learningRate of round < rounds ? [1e-3] : [1e-3, 3e-4, 1e-4, 3e-5]) {
    const options = {
      loss: 'squared-error' as const,
      learningRate,
      epochs: round < rounds ? 10 : 25,
      batch: 64,
      weights: 'warm' as const,
      optimizer: 'fresh' as const
    }
    const { validation } = await fit(network, examples, options, generator(seed, 'fit', round))
    console.log(
      `round ${round} of ${rounds}: ${rows} states, squared error ${Math.min(...validation).toExponential(2)}`
    )
  }
}

const weights = network.weights().map(({ values }) => values)
const units = weights[1].length
const [matrix, bias] = weights
weights[1] = bias.map(
  (value, j) => value - centre.reduce((sum, c, i) => sum + (c / scale[i]) * matrix[i * units + j], 0)
)
weights[0] = matrix.map((value, i) => value / scale[Math.floor(i / units)])
network.setWeights(weights)

await saveModel(folder, modelOf(network))
const returns = await evaluate(environment, network, 500)
const score = `${mean(returns).toFixed(3)} ± ${standardDeviation(returns).toFixed(3)}`
console.log(`${folder}: mean return ${score} (standard deviation) over 500 episodes`)
