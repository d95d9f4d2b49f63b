/**
 * What scores are worth, and where rules ask: runs as notebook 07's, looked into after every iteration. Adds the runs that
 * data/beyond/judgements.csv and data/beyond/shifts.csv lack.
 *
 *     node scripts/beyond/judgements.mjs [--tasks reacher,hopper] [--seeds 10]
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import {
  averagePrecision,
  bayesianLossNetwork,
  both,
  calibrated,
  collect,
  distances,
  ensemble,
  hyperparameters,
  imitateWith,
  joinColumns,
  labelledStates,
  lazily,
  loadEnvironment,
  loadExpert,
  lossNetwork,
  mean,
  networkOf,
  precisionAndRecall,
  prospects,
  protocolFor,
  quantile,
  safetyNetwork,
  strategyFor,
  unaided
} from 'radgrad'
import { inRoot } from '../setup/root.mjs'

const { writeAtomically } = createRequire(import.meta.url)('radgrad/dist/files/atomic.js')
const { values } = parseArgs({
  options: { tasks: { type: 'string', default: 'reacher,hopper' }, seeds: { type: 'string', default: '10' } }
})
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => i + 1)

/** Episodes that are looked into after an iteration: new ones, in which nothing is learned. */
const episodes = 20
/** The share of states that is called wrong: those in which the learner errs most. */
const worst = 0.2
/** The share in which rules ask whose shift is measured. */
const rate = 0.15
const shifting = [
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

/** A file of rows, to which those of a run are added at once. */
function table(name, columns, keys) {
  const file = inRoot('data/beyond', name)
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(1) : []
  const key = (row) => row.slice(0, keys).join()
  const done = new Set(lines.map((line) => key(line.split(','))))
  return {
    has: (...of) => done.has(of.join()),
    async add(rows) {
      lines.push(...rows.map((row) => row.map(rounded).join()))
      lines.sort()
      await writeAtomically(file, `${[columns.join(), ...lines].join('\n')}\n`)
      console.log(`${name}: ${key(rows[0])}`)
    }
  }
}
/** NaN, of nothing, stays empty. */
const rounded = (value) => {
  if (typeof value !== 'number' || Number.isInteger(value)) return value
  return Number.isNaN(value) ? '' : value.toPrecision(6)
}

/** A critic whose scores have names of their own, so that several can be told apart; further ones are of its first network. */
const named = (prefix, critic, scores, readings = {}) => ({
  name: prefix,
  async begin(task, create) {
    const judge = await critic.begin(task, (topology, name = '') => create(topology, `${prefix} ${name}`))
    return {
      ...judge,
      learn: (experience, training) =>
        judge.learn(experience, { ...training, random: (...name) => training.random(prefix, ...name) }),
      scores(states, proposals, rows) {
        const said = judge.scores(states, proposals, rows)
        const read = ({ scores }) => scores(judge.networks[0], joinColumns(states, proposals, rows), rows)
        return lazily({
          ...Object.fromEntries(scores.map((score) => [`${prefix} ${score}`, () => said[score]])),
          ...Object.fromEntries(
            Object.entries(readings).map(([name, [spec, score]]) => [`${prefix} ${name}`, () => read(spec)[score]])
          )
        })
      }
    }
  }
})

/** All critics at once, on whatever a strategy labels: their scores are of the same states and the same policy. */
const everything = ({ safety }) =>
  [
    named('loss network', bayesianLossNetwork('norm', 10, 0.9), ['percentile'], {
      discrepancy: [lossNetwork('norm'), 'discrepancy'],
      steepness: [lossNetwork('norm'), 'steepness'],
      'steepness (jacobian)': [lossNetwork('jacobian'), 'steepness'],
      'steepness (sum)': [lossNetwork('sum'), 'steepness']
    }),
    named('safety network', safetyNetwork(safety.tau, 'probability'), ['logit', 'steepness'], {
      'steepness (logit)': [safetyNetwork(safety.tau, 'logit'), 'steepness']
    }),
    named('ensemble', ensemble(5), ['doubt', 'steepness']),
    named('prospects', prospects, ['danger', 'steepness']),
    named('labelled states', labelledStates(5), ['novelty'])
  ].reduce((a, b) => both(a, b))

const judgements = table(
  'judgements.csv',
  ['task', 'data', 'seed', 'iteration', 'score', 'average_precision', 'precision', 'recall', 'far'],
  3
)
const shifts = table(
  'shifts.csv',
  ['task', 'strategy', 'seed', 'iteration', 'asked', 'error_labelled', 'error_met', 'risky_asked', 'risky_met'],
  3
)

for (const task of values.tasks.split(',')) {
  const model = await loadExpert(task)
  const [environment, expert] = [await loadEnvironment(task, { masses: 'legacy' }), await networkOf(model)]
  const { loss, safety } = hyperparameters[task]
  /** How well each score finds the states in which the learner errs most, after every iteration. */
  async function judged(data, seed) {
    const protocol = protocolFor(task, data, model, { trials: 1, ...(data === 'dagger' ? {} : { rate }) })
    const base = strategyFor(data, protocol.hyperparameters, protocol.readings, protocol.rate)
    const critic = base.critic ? both(everything({ safety }), base.critic) : everything({ safety })
    const rows = []
    for await (const { record, policy, critic: judge } of imitateWith(
      { environment, strategy: { ...base, critic }, expert },
      protocol,
      seed
    )) {
      const key = [seed, record.iteration, 'judgement']
      const { met } = await collect(environment, policy, expert, unaided, episodes, key)
      const errors = distances(expert.predict(met.observations, met.rows), met.actions, met.rows)
      const limit = quantile(Float64Array.from(errors).sort(), 1 - worst)
      const wrong = errors.map((error) => Number(error > limit))
      const far = errors.map((error) => Number(error > loss.tau))
      const scores = judge.scores(met.observations, met.actions, met.rows)
      for (const name of Object.keys(scores).filter((name) => name.includes(' '))) {
        const threshold = thresholds[name]
        const { precision, recall } =
          threshold !== undefined
            ? precisionAndRecall(
                scores[name].map((score) => Number(score > threshold)),
                far
              )
            : { precision: '', recall: '' }
        rows.push([
          ...[task, data, seed, record.iteration, name],
          averagePrecision(scores[name], wrong),
          precision,
          recall,
          mean(far)
        ])
      }
    }
    return rows
  }

  /** The paper's thresholds, for the scores that it has. */
  const thresholds = {
    'loss network discrepancy': loss.tau,
    'loss network steepness': loss.epsilon,
    'safety network logit': 0,
    'safety network steepness': safety.epsilon
  }

  /**
   * The learner's true error where a rule asks and wherever it comes; and how many states are risky, of those where it would ask if
   * the learner went on alone, as an expert that takes over prevents what the risk is of.
   */
  async function shifted(name, seed) {
    const protocol = protocolFor(task, name, model, { trials: 1, rate })
    const strategy = strategyFor(name, protocol.hyperparameters, protocol.readings, rate)
    const rows = []
    for await (const { record, policy, critic } of imitateWith({ environment, strategy, expert }, protocol, seed)) {
      const key = [seed, record.iteration, 'shift']
      const set = await calibrated(environment, policy, expert, strategy, critic, key)
      const { met, labelled } = await collect(environment, policy, expert, set, episodes, key, { critic })
      const alone = { ...set, actor: 'learner', handsBack: undefined }
      const unhelped = await collect(environment, policy, expert, alone, episodes, [...key, 'alone'], { critic })
      const error = ({ observations, rows }) =>
        mean(distances(expert.predict(observations, rows), policy.predict(observations, rows), rows))
      const risky = risks(unhelped.met)
      const there = new Map(risky.map((is, row) => [shown(unhelped.met, row), is]))
      const asked = Array.from({ length: unhelped.labelled.rows }, (_, row) => there.get(shown(unhelped.labelled, row)))
      rows.push([
        ...[task, name, seed, record.iteration, labelled.rows / met.rows],
        labelled.rows > 0 ? error(labelled) : '',
        error(met),
        asked.length > 0 ? mean(asked) : '',
        mean(risky)
      ])
    }
    return rows
  }

  const shown = ({ observations }, row) =>
    observations.subarray(row * environment.observationSize, (row + 1) * environment.observationSize).join()

  /** 1 for the states from which the task ends the episode within fifty steps. */
  function risks({ lengths }) {
    return lengths.flatMap((length) =>
      Array.from({ length }, (_, step) => Number(length < environment.horizon && length - step <= 50))
    )
  }

  for (const seed of seeds) {
    // asking everywhere, and by the Loss network's own rule, whose data are what it chose
    for (const data of ['dagger', 'loss-gradient'])
      if (!judgements.has(task, data, seed)) await judgements.add(await judged(data, seed))
    for (const name of shifting) if (!shifts.has(task, name, seed)) await shifts.add(await shifted(name, seed))
  }
}
