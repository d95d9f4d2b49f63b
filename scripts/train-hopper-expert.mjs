/**
 * Trains our expert for Hopper: trust region policy optimization (Schulman et al. 2015), with generalized advantage
 * estimation (2016), on the fused engine.
 *
 *     node scripts/train-hopper-expert.mjs --seed 1 --steps 6e6 --out FOLDER      about half an hour
 *
 * That made data/experts/hopper, the better of seeds 1 and 2.
 * Prints a line an iteration, saves the best policy so far as a model, and the state of the training, so that the same
 * command goes on where it was stopped. How good a seed turns out differs much: run several, keep the best.
 */
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import {
  createNetwork,
  evaluate,
  fit,
  generator,
  loadEnvironment,
  mean,
  modelOf,
  perceptron,
  saveModel,
  standardDeviation
} from 'radgrad'

const { values: options } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    steps: { type: 'string', default: '10e6' },
    batch: { type: 'string', default: '10000' },
    masses: { type: 'string', default: 'legacy' },
    out: { type: 'string' }
  }
})
const seed = Number(options.seed)
const stepsWanted = Number(options.steps)
/** Steps of the environment between two updates. */
const batch = Number(options.batch)
const folder = resolve(options.out ?? `out/hopper-expert-${seed}`)

const discount = 0.995
const lambda = 0.97
/** How far an update may move the policy: mean Kullback-Leibler divergence. */
const trust = 0.01
const damping = 0.1
const conjugateSteps = 12

const environment = await loadEnvironment('hopper', { masses: options.masses })
const { observationSize: m, actionSize: n } = environment
const policy = await createNetwork(perceptron(m, [64, 64], n, { activation: 'tanh' }), generator(seed, 'policy'))
const critic = await createNetwork(perceptron(m, [64, 64], 1, { activation: 'tanh' }), generator(seed, 'critic'))
// a quiet start: the last layer small, so that the first actions are mostly noise around zero
policy.setWeights(
  policy.weights().map(({ values }, i, all) => (i >= all.length - 2 ? values.map((v) => v * 0.01) : values))
)

const state = {
  iteration: 0,
  steps: 0,
  best: Number.NEGATIVE_INFINITY,
  meanLength: 20,
  logDeviation: new Array(n).fill(-0.5),
  centre: new Array(m).fill(0),
  square: new Array(m).fill(0),
  count: 0
}
const stateFile = join(folder, 'training.json')

const flatten = (arrays) => Float64Array.from(arrays.flatMap((array) => [...array]))
const shapes = policy.weights().map(({ values }) => values.length)
function setPolicy(flat) {
  let at = 0
  policy.setWeights(
    shapes.map((length) => {
      at += length
      return Float32Array.from(flat.subarray(at - length, at))
    })
  )
}
const policyWeights = () => flatten(policy.weights().map(({ values }) => values))
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0)
const plus = (a, b, scale) => a.map((value, i) => value + scale * b[i])

const deviations = () => state.centre.map((c, i) => Math.sqrt(Math.max(state.square[i] - c * c, 1e-8)))
const normalized = (observations) => {
  const sd = deviations()
  return observations.map((value, i) => (value - state.centre[i % m]) / sd[i % m])
}
function normal(rng) {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng())
}

/** Episodes under the noisy policy, some `batch` steps of them; each with its observations, actions and rewards. */
async function sample() {
  const count = Math.max(4, Math.ceil(batch / state.meanLength))
  const generators = (purpose) => Array.from({ length: count }, (_, e) => generator(seed, purpose, state.iteration, e))
  const noise = generators('noise')
  const sigma = state.logDeviation.map(Math.exp)
  const episodes = Array.from({ length: count }, () => ({ observations: [], actions: [], rewards: [], fell: false }))
  const running = environment.reset(generators('start'))
  while (running.running.length > 0) {
    const rows = running.running
    const seen = Float32Array.from(rows.flatMap((e) => [...running.observations.subarray(e * m, (e + 1) * m)]))
    const actions = policy.predict(normalized(seen), rows.length)
    rows.forEach((e, row) => {
      for (let i = 0; i < n; i++) actions[row * n + i] += sigma[i] * normal(noise[e])
    })
    const { rewards, terminated } = running.step(rows, actions)
    rows.forEach((e, row) => {
      episodes[e].observations.push(...seen.subarray(row * m, (row + 1) * m))
      episodes[e].actions.push(...actions.subarray(row * n, (row + 1) * n))
      episodes[e].rewards.push(rewards[row])
      if (terminated[row]) episodes[e].fell = true
      else if (!running.running.includes(e)) episodes[e].end = [...running.observations.subarray(e * m, (e + 1) * m)]
    })
  }
  return episodes
}

/** Advantages and returns of an episode (generalized advantage estimation); an episode cut off goes on in the critic. */
function advantages({ observations, rewards, end }, scale) {
  const steps = rewards.length
  const values = critic.predict(normalized(Float32Array.from(observations)), steps).map((value) => value * scale)
  let next = end ? critic.predict(normalized(Float32Array.from(end)), 1)[0] * scale : 0
  const advantage = new Float64Array(steps)
  const target = new Float64Array(steps)
  let running = 0
  for (let t = steps - 1; t >= 0; t--) {
    running = rewards[t] + discount * next - values[t] + discount * lambda * running
    advantage[t] = running
    target[t] = running + values[t]
    next = values[t]
  }
  return { advantage, target }
}

/** Returns are of the order of this; the critic learns them divided by it. */
const returnScale = 100

async function update(episodes) {
  const rows = episodes.reduce((sum, { rewards }) => sum + rewards.length, 0)
  const estimated = episodes.map((episode) => advantages(episode, returnScale))
  const inputs = normalized(Float32Array.from(episodes.flatMap(({ observations }) => observations)))
  const actions = episodes.flatMap(({ actions }) => actions)
  const raw = estimated.flatMap(({ advantage }) => [...advantage])
  const [centre, spread] = [mean(raw), standardDeviation(raw)]
  const gain = raw.map((value) => (value - centre) / spread)
  const targets = Float32Array.from(estimated.flatMap(({ target }) => [...target]).map((value) => value / returnScale))

  const before = policyWeights()
  const logDeviation = [...state.logDeviation]
  const means = policy.predict(inputs, rows)
  const variance = logDeviation.map((l) => Math.exp(2 * l))

  // the gradient of the surrogate, by the weights and by the deviations' logarithms
  const byMeans = Float32Array.from(
    means,
    (mu, i) => (gain[Math.floor(i / n)] * (actions[i] - mu)) / variance[i % n] / rows
  )
  const byDeviations = new Float64Array(n)
  actions.forEach((a, i) => {
    byDeviations[i % n] += (gain[Math.floor(i / n)] * ((a - means[i]) ** 2 / variance[i % n] - 1)) / rows
  })
  const size = before.length
  const joined = (weights, deviations) => Float64Array.from([...weights, ...deviations])
  const gradient = joined(flatten(policy.weightGradients(inputs, byMeans, rows)), byDeviations)

  // the Fisher matrix times a vector, on every fifth state: J' diag(1 / variance) J, the product by J as a difference
  const some = Array.from({ length: Math.floor(rows / 5) }, (_, i) => i * 5)
  const someInputs = Float32Array.from(some.flatMap((row) => [...inputs.subarray(row * m, (row + 1) * m)]))
  const base = policy.predict(someInputs, some.length)
  function fisher(vector) {
    const weights = vector.subarray(0, size)
    const length = Math.sqrt(dot(weights, weights))
    const step = length > 0 ? 0.02 / length : 0
    setPolicy(plus(before, weights, step))
    const moved = policy.predict(someInputs, some.length)
    setPolicy(before)
    const slopes = moved.map((value, i) => (step > 0 ? (value - base[i]) / step : 0) / variance[i % n] / some.length)
    const product = flatten(policy.weightGradients(someInputs, slopes, some.length))
    return plus(
      joined(
        product,
        vector.subarray(size).map((v) => 2 * v)
      ),
      vector,
      damping
    )
  }

  // conjugate gradients: the direction in which the surrogate gains most for its divergence
  let direction = new Float64Array(gradient.length)
  let residual = gradient.slice()
  let search = residual.slice()
  let square = dot(residual, residual)
  for (let i = 0; i < conjugateSteps && square > 1e-10; i++) {
    const product = fisher(search)
    const alpha = square / dot(search, product)
    direction = plus(direction, search, alpha)
    residual = plus(residual, product, -alpha)
    const next = dot(residual, residual)
    search = plus(residual, search, next / square)
    square = next
  }
  const full = Math.sqrt((2 * trust) / dot(direction, fisher(direction)))

  const judge = (logs) => {
    const now = policy.predict(inputs, rows)
    const vars = logs.map((l) => Math.exp(2 * l))
    let surrogate = 0
    let divergence = 0
    for (let row = 0; row < rows; row++) {
      let logRatio = 0
      for (let j = 0; j < n; j++) {
        const i = row * n + j
        logRatio +=
          logDeviation[j] -
          logs[j] +
          ((actions[i] - means[i]) ** 2 / variance[j] - (actions[i] - now[i]) ** 2 / vars[j]) / 2
        divergence += logs[j] - logDeviation[j] + (variance[j] + (means[i] - now[i]) ** 2) / (2 * vars[j]) - 0.5
      }
      surrogate += Math.exp(logRatio) * gain[row]
    }
    return { surrogate: surrogate / rows, divergence: divergence / rows }
  }
  let accepted = { surrogate: 0, divergence: 0 }
  for (let scale = full, tries = 0; ; scale /= 2, tries++) {
    if (tries === 12) {
      setPolicy(before)
      break
    }
    const logs = logDeviation.map((l, i) => l + scale * direction[size + i])
    setPolicy(plus(before, direction.subarray(0, size), scale))
    const result = judge(logs)
    if (result.surrogate > 0 && result.divergence < 1.5 * trust) {
      accepted = result
      state.logDeviation = logs
      break
    }
  }

  const fitting = {
    loss: 'squared-error',
    learningRate: 1e-3,
    epochs: 8,
    batch: 128,
    weights: 'warm',
    optimizer: 'kept'
  }
  await fit(critic, { rows, inputs, targets }, fitting, generator(seed, 'critic', state.iteration))
  return { rows, ...accepted }
}

/** The running mean and mean square of each entry of an observation; frozen once they are known well. */
function learnNormalizer(episodes) {
  if (state.count > 2e6) return
  const observations = episodes.flatMap(({ observations }) => observations)
  const rows = observations.length / m
  const total = state.count + rows
  for (let i = 0; i < m; i++) {
    let [sum, squares] = [state.centre[i] * state.count, state.square[i] * state.count]
    for (let row = 0; row < rows; row++) {
      sum += observations[row * m + i]
      squares += observations[row * m + i] ** 2
    }
    state.centre[i] = sum / total
    state.square[i] = squares / total
  }
  state.count = total
}

/** The policy with the normaliser in its first layer: from raw observations to mean actions. */
async function finished() {
  const network = await createNetwork(policy.topology, generator(seed))
  const weights = policy.weights().map(({ values }) => values)
  const sd = deviations()
  const units = weights[1].length
  const [matrix, bias] = weights
  weights[1] = bias.map((b, j) => b - state.centre.reduce((sum, c, i) => sum + (c / sd[i]) * matrix[i * units + j], 0))
  weights[0] = matrix.map((value, i) => value / sd[Math.floor(i / units)])
  network.setWeights(weights)
  return network
}

async function save() {
  const weights = [policy, critic].map((network) => network.weights().map(({ values }) => [...values]))
  await writeFile(`${stateFile}.part`, JSON.stringify({ state, weights }))
  await rename(`${stateFile}.part`, stateFile)
}

if (existsSync(stateFile)) {
  const saved = JSON.parse(await readFile(stateFile, 'utf8'))
  Object.assign(state, saved.state)
  for (const [i, network] of [policy, critic].entries())
    network.setWeights(saved.weights[i].map((values) => Float32Array.from(values)))
} else {
  // the first normaliser comes from the first actions
  state.square.fill(1)
  const first = await sample()
  state.square.fill(0)
  learnNormalizer(first)
}

const begun = performance.now()
const stepsBefore = state.steps
while (state.steps < stepsWanted) {
  const episodes = await sample()
  const { rows, divergence } = await update(episodes)
  learnNormalizer(episodes)
  state.iteration += 1
  state.steps += rows
  state.meanLength = rows / episodes.length
  const returns = episodes.map(({ rewards }) => rewards.reduce((sum, r) => sum + r, 0))
  if (state.iteration % 10 === 0) {
    const candidate = await finished()
    const score = mean(await evaluate(environment, candidate, 10))
    if (score > state.best) {
      state.best = score
      await saveModel(join(folder, 'hopper'), modelOf(candidate))
    }
    await save()
    const minutes = (performance.now() - begun) / 60000
    const left = (minutes * (stepsWanted - state.steps)) / (state.steps - stepsBefore)
    console.log(
      `iteration ${state.iteration}, ${(state.steps / 1e6).toFixed(2)}M steps: noisy ${mean(returns).toFixed(0)}, ` +
        `quiet ${score.toFixed(0)} (best ${state.best.toFixed(0)}), divergence ${divergence.toFixed(4)}, ` +
        `deviations ${state.logDeviation.map((l) => Math.exp(l).toFixed(2))}, ${minutes.toFixed(1)} min gone, ${left.toFixed(0)} left`
    )
  }
}
