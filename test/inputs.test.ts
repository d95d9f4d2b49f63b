/** What is given to the library is checked where it comes in, by a sentence that names the field, the value and what is allowed. */
import { mkdir, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs-node'
import { describe, expect, test } from 'vitest'
import { imitate, type Participants, participantsOf } from '../lib/algorithm'
import type { SeedResults } from '../lib/analysis/results-by-seed'
import { collect } from '../lib/collect'
import { type Environment, loadEnvironment, makeEnvironment } from '../lib/environments'
import { evaluate, trials } from '../lib/evaluate'
import { learningCurves } from '../lib/figures/learning-curves'
import { nineFigure } from '../lib/figures/nine'
import { panelsFigure } from '../lib/figures/panels'
import { drawable, figure, withOpacity } from '../lib/figures/theme'
import { loadExpert } from '../lib/files/experts'
import { loadModel, saveModel } from '../lib/files/models'
import { readResults } from '../lib/files/results'
import { createNetwork, fit, modelOf, networkOf, perceptron } from '../lib/networks'
import { experiment } from '../lib/notebook/experiment'
import { playEpisodes, show } from '../lib/notebook/show'
import { protocolFor } from '../lib/protocol'
import {
  above,
  anyOf,
  type Critic,
  type CriticSpec,
  coin,
  combineCritics,
  expertWhenQueried,
  hyperparameters,
  lossNetwork,
  type NetworkCritic,
  networkCritic,
  paperStrategies,
  type QueryStrategy,
  type Rule,
  random,
  relatedStrategies,
  safetyNetwork,
  strategyFor,
  strategyNames,
  topFraction
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { traceEpisode } from '../lib/trace'
import { joinColumns, norms } from '../lib/util/matrix'
import { generator } from '../lib/util/random'
import { expertAction, learnerAction, lengths, scriptedEnvironment, scriptedNetwork, stepCritic } from './scripted'
import { shorterProtocol } from './short-run'
import { slide, slideSimulator } from './slide'

/** Stands for what a user writes without types: JavaScript, or a cell that casts. */
const untyped = <T>(value: unknown): T => value as T

/** Runs something that throws at once or rejects, and returns its sentence. */
const said = async (run: () => unknown): Promise<string> => {
  try {
    await run()
  } catch (error) {
    return (error as Error).message
  }
  return 'nothing was said'
}

type Case = readonly [what: string, run: () => unknown, sentence: string]
const refuses = (cases: readonly Case[]) =>
  test.each(cases)('%s is refused in a sentence', async (_, run, sentence) => {
    expect(await said(run)).toContain(sentence)
  })

const slider = await slideSimulator()
const taskWith = (changes: object, simulator: unknown = slider) =>
  makeEnvironment(untyped({ ...slide, ...changes }), untyped(simulator))
const { horizon, ...endless } = slide
const resetting = (changes: object) => taskWith(changes).reset([generator(1)])

describe('a task of one’s own', () => {
  refuses([
    [
      'a task without horizon',
      () => makeEnvironment(untyped(endless), slider),
      'task.horizon is missing: there are name'
    ],
    ['a misspelt horizon', () => makeEnvironment(untyped({ ...endless, horizn: 5 }), slider), 'no field task.horizn'],
    [
      'a horizon as text',
      () => taskWith({ horizon: '5' }),
      'task.horizon must be a whole number from 1 on, not 5 as text'
    ],
    ['a step that is none', () => taskWith({ step: 5 }), 'task.step must be a function, not 5'],
    ['a plane of one axis', () => taskWith({ plane: [0] }), 'task.plane must be two of 0, 1 and 2, not Array of 1'],
    ['a plane of axes by name', () => taskWith({ plane: ['x', 'z'] }), 'task.plane must be two of 0, 1 and 2'],
    ['two terms of one name', () => taskWith({ terms: ['a', 'a'] }), 'task.terms must have no name twice'],
    [
      'a simulator that is not awaited',
      () => taskWith({}, Promise.resolve(slider)),
      'simulator must be an object, not a promise: await it'
    ],
    [
      'an observation that is returned, not written',
      () => resetting({ observe: () => [1, 2] }),
      'slide: observe must write 2 finite numbers into the array that it is given'
    ],
    [
      'an observation of which a part is written',
      () => resetting({ observe: (_: unknown, shown: Float64Array) => shown.fill(0, 0, 1) }),
      'slide: observe must write 2 finite numbers into the array that it is given'
    ],
    [
      'an observation with an entry too many',
      () =>
        resetting({
          observe(_: unknown, shown: Float64Array) {
            for (let i = 0; i < 3; i++) shown[i] = i
          }
        }),
      'slide: observe must write 2 finite numbers into the array that it is given: it has no entry 2'
    ],
    [
      'an observation that is set with an entry too many',
      () => resetting({ observe: (_: unknown, shown: Float64Array) => shown.set([1, 2, 3]) }),
      'slide: observe must write 2 finite numbers into the array that it is given: offset is out of bounds'
    ],
    ['more actions than motors', () => taskWith({ actionSize: 2 }), 'actionSize is 2, and the model has 1 motors'],
    [
      'no start',
      () => resetting({ draw: () => undefined }),
      'qpos for slide: episode 0 must be Array of 1, not undefined'
    ],
    [
      'a step that returns nothing',
      () =>
        taskWith({ step: () => undefined })
          .reset([generator(1)])
          .step([0], [0]),
      'slide: a step must return 1 terms and terminated'
    ]
  ])
})

const stepping = (terms: unknown) => () =>
  taskWith({ step: () => ({ terms, terminated: false }) })
    .reset([generator(1)])
    .step([0], [0])
describe('the terms of a step', () => {
  const sentence = 'slide: a step must return 1 terms and terminated, which is true or false; terms are numbers'
  refuses([
    ['an object by name', stepping({ place: 1 }), sentence],
    ['an object with a length', stepping({ length: 1, 0: 1 }), sentence],
    ['a text', stepping('1'), sentence],
    ['a list of texts', stepping(['1']), sentence]
  ])

  test('an observation of all entries is read and written as an array is, and typed terms are taken', () => {
    const task = taskWith({
      observe(_: unknown, shown: Float64Array) {
        shown.set([1])
        shown[1] = shown[0] + shown.length
      },
      step: () => ({ terms: Float64Array.of(7), terminated: true })
    })
    const episodes = task.reset([generator(1)])
    expect(episodes.observations).toEqual(Float64Array.of(1, 3))
    expect(episodes.step([0], [0]).terms).toEqual({ place: Float64Array.of(7) })
  })
})

const { environment } = scriptedEnvironment(lengths)
const [policy, expert] = [scriptedNetwork(learnerAction), scriptedNetwork(expertAction)]
const strategy: QueryStrategy = { title: 'Late', rule: above('step', 9), control: expertWhenQueried }
const collectWith = (parts: object) =>
  collect({ environment, policy, expert, strategy, critic: stepCritic, ...parts }, lengths.length, [1, 1])
const { horizon: _, ...withoutHorizon } = environment
const began = (reset: unknown): Environment => ({ ...environment, reset: untyped(reset) })

describe('an environment of one’s own', () => {
  refuses([
    [
      'an environment without horizon',
      () => collectWith({ environment: withoutHorizon }),
      'environment.horizon is missing'
    ],
    [
      'an environment by its name',
      () => evaluate(untyped('reacher'), policy, 2),
      'environment must be an object, not reacher'
    ],
    [
      'an environment that is not awaited',
      () => evaluate(untyped(Promise.resolve(environment)), policy, 2),
      'await it'
    ],
    [
      'a reset that makes one episode',
      () => collectWith({ environment: began(() => scriptedEnvironment([3]).environment.reset([generator(1)])) }),
      'scripted: reset must return an episode for each of 4 rngs, not 1'
    ],
    [
      'a reset that makes too many episodes',
      () =>
        trials(
          began(() => environment.reset(lengths.map(() => generator(1)))),
          policy,
          2
        ),
      'scripted: reset must return an episode for each of 2 rngs, not 4'
    ],
    [
      'a reset that returns nothing',
      () =>
        evaluate(
          began(() => undefined),
          policy,
          2
        ),
      'of 2 rngs, not Undefined'
    ],
    [
      'a reset that is async',
      () =>
        evaluate(
          began(async () => environment),
          policy,
          2
        ),
      'of 2 rngs, not Promise'
    ],
    [
      'a step that returns nothing',
      () => collectWith({ environment: began((rngs: []) => ({ ...environment.reset(rngs), step: () => undefined })) }),
      "scripted's reward for episode 0 at its step 0 must be Float64Array of 4, not undefined"
    ]
  ])
})

const count = 'count must be a whole number from 1 on, not'
describe('trials', () => {
  refuses([
    ['no count', () => evaluate(environment, policy, untyped(undefined)), `${count} undefined`],
    ['a negative count', () => evaluate(environment, policy, -1), `${count} -1`],
    ['a fraction of a trial', () => trials(environment, policy, 2.5), `${count} 2.5`],
    [
      'a misspelt option',
      () => trials(environment, policy, 4, untyped({ nosie: 0.1 })),
      'there is no field options.nosie'
    ],
    [
      'a noise of NaN',
      () => trials(environment, policy, 4, { noise: Number.NaN }),
      'noise must be a number from 0 on, not NaN'
    ],
    [
      'noise in the place of the signal',
      () => evaluate(environment, policy, 4, untyped({ noise: 0.1 })),
      "signal must be an AbortController's signal, not {noise}"
    ],
    [
      'a signal in an object',
      async () => {
        const protocol = shorterProtocol('dagger')
        const given = untyped<AbortSignal>({ signal: new AbortController().signal })
        return imitate(await participantsOf(protocol), protocol, 1, given).next()
      },
      "signal must be an AbortController's signal, not {signal}"
    ],
    ['a number of episodes of 0', () => collect({ environment, policy, expert, strategy }, 0, [1]), `${count} 0`],
    [
      'a policy whose weights have diverged',
      () =>
        evaluate(
          environment,
          scriptedNetwork(() => Number.NaN),
          4
        ),
      'has NaN at entry 0: give finite numbers; its weights have probably diverged: lower the learning rate'
    ]
  ])
})

const net = await createNetwork(perceptron(2, [3], 1), generator(1))
const examples = { rows: 4, inputs: new Float32Array(8), targets: new Float32Array(4) }
const { fit: options } = shorterProtocol('dagger')
const layers = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] })
/** A network whose layer, called mine, has a regularizer or a constraint. */
const penalised = (field: 'kernelRegularizer' | 'biasConstraint') =>
  tf.sequential({
    layers: [
      tf.layers.dense({
        ...{ units: 1, inputShape: [2], name: 'mine' },
        [field]: field === 'biasConstraint' ? tf.constraints.maxNorm({ maxValue: 0.1 }) : 'l1l2'
      })
    ]
  })
const { topology, weights } = modelOf(net)
const folder = await mkdtemp(join(tmpdir(), 'radgrad-inputs-'))
const nan = weights.map((weight) => ({ ...weight, values: weight.values.map(() => Number.NaN) }))
const short = weights.map((weight) => ({ ...weight, values: weight.values.slice(1) }))

describe('a network', () => {
  refuses([
    [
      'an unknown engine',
      () => createNetwork(topology, generator(1), untyped('fussed')),
      "there is no engine 'fussed'"
    ],
    ['a switch in the name of a generator', () => generator(untyped(true)), 'whole numbers and names, not by true'],
    ['a folder that is a number', () => readResults(untyped(5)), 'folders.0 must be text, not 5'],
    [
      'a fit without a generator',
      async () =>
        fit(
          await createNetwork(topology, generator(1)),
          untyped({}),
          shorterProtocol('random').fit,
          untyped(undefined)
        ),
      'rng must be a function, not undefined'
    ],
    ['a seed in place of a generator', () => createNetwork(topology, untyped(1)), 'rng must be a function, not 1'],
    ['a misspelt dropout', () => perceptron(2, [3], 1, untyped({ droput: 0.2 })), 'there is no field options.droput'],
    ['a dropout alone', () => perceptron(2, [3], 1, untyped(0.2)), 'options must be an object, not 0.2'],
    [
      'a negative dropout',
      () => perceptron(2, [3], 1, { dropout: -0.2 }),
      'dropout must be the share of outputs to drop'
    ],
    ['a dropout in percent', () => perceptron(2, [3], 1, { dropout: 20 }), 'from 0 to below 1, not 20'],
    ['half a unit', () => perceptron(2, [3.5], 1), 'hidden.0 must be a whole number from 1 on, not 3.5'],
    [
      'a misspelt option of a fit',
      () => fit(net, examples, untyped({ ...options, epoch: 3 }), generator(1)),
      'field epoch'
    ],
    [
      'misspelt rows held out',
      () => fit(net, untyped({ ...examples, validaton: new Uint8Array(4) }), options, generator(1)),
      'there is no field validaton: there are rows, inputs, targets, validation'
    ],
    [
      'inputs of another network',
      () => fit(net, { ...examples, inputs: new Float32Array(12) }, options, generator(1)),
      'the input for row 0 must be Float32Array of 8, not Float32Array of 12'
    ],
    [
      'an input that is infinite',
      () => fit(net, { ...examples, inputs: Float32Array.of(0, 0, 0, 1 / 0, 0, 0, 0, 0) }, options, generator(1)),
      'the input for row 1 has Infinity at entry 1'
    ],
    [
      'a target of 5 for a probability',
      () =>
        fit(net, { ...examples, targets: Float32Array.of(0, 1, 5, 0) }, { ...options, loss: 'logistic' }, generator(1)),
      'the target for row 2 is 5: a logistic one is from 0 to 1'
    ],
    ...(['fused', 'tensorflow'] as const).flatMap((engine) =>
      (['kernelRegularizer', 'biasConstraint'] as const).map(
        (field): Case => [
          `a ${field} on the engine ${engine}`,
          async () => fit(await createNetwork(penalised(field), generator(1), engine), examples, options, generator(1)),
          `dense_1 has a ${field.replace('R', '_r').replace('C', '_c')}, and training is on the loss alone: leave it out`
        ]
      )
    ),
    [
      'a penalty in a protocol',
      () => shorterProtocol('dagger', { policy: untyped(penalised('biasConstraint')) }),
      'policy: mine has a bias_constraint, and training is on the loss alone: leave it out'
    ],
    [
      'a batch of NaN',
      () => fit(net, examples, { ...options, batch: Number.NaN }, generator(1)),
      'batch must be a whole'
    ],
    [
      'a list of flags as rows held out',
      () => fit(net, { ...examples, validation: untyped([true, false, true, false]) }, options, generator(1)),
      'validation for row 0 must be Uint8Array of 4, not Array of 4'
    ],
    [
      'a row held out twice over',
      () => fit(net, { ...examples, validation: Uint8Array.of(0, 2, 0, 0) }, options, generator(1)),
      'validation for row 1 is 2: a mask has 1 for yes and 0 for no'
    ],
    [
      'a second fit before the first has ended',
      async () => {
        const first = fit(net, examples, options, generator(1))
        try {
          await fit(net, examples, options, generator(1))
        } finally {
          await first
        }
      },
      'this network is still in training: await its fit before the next'
    ],
    [
      'a model with weights of NaN',
      () => saveModel(folder, { topology, weights: nan }),
      'holds a number that is not finite'
    ],
    ['a policy with weights of NaN', () => networkOf({ topology, weights: nan }), 'holds a number that is not finite'],
    [
      'a model with half its weights',
      () => saveModel(folder, { topology, weights: weights.slice(2) }),
      'has 4 weights'
    ],
    [
      'a model whose weights are too short',
      () => saveModel(folder, { topology, weights: short }),
      'must hold 2 rows of 3'
    ],
    ['a model of TensorFlow.js', () => saveModel(folder, untyped(layers)), 'model.topology is missing'],
    [
      'a model without folder',
      () => saveModel(untyped({ topology, weights }), untyped(undefined)),
      'folder must be text'
    ],
    ['no folder', () => loadModel(untyped(undefined)), 'folder must be text, not undefined'],
    ['an expert of no task', () => loadExpert(untyped('cart')), "there is no environment 'cart'"]
  ])

  test('weights that a constraint would change are kept as they are set, on both engines', async () => {
    const values = [Float32Array.of(1, 2), Float32Array.of(3)]
    for (const engine of ['fused', 'tensorflow'] as const) {
      const network = await createNetwork(penalised('biasConstraint'), generator(1), engine)
      network.setWeights(values)
      expect(network.weights().map(({ values }) => values)).toEqual(values)
    }
  })

  test('a network may be fitted again once a fit has ended or failed', async () => {
    const bad = { ...examples, targets: new Float32Array(4).fill(Number.NaN) }
    await expect(fit(net, bad, options, generator(1))).rejects.toThrow('the target for row 0 has NaN')
    net.setWeights(weights.map(({ values }) => values))
    expect((await fit(net, examples, options, generator(1))).kept).toBe(options.epochs)
  })

  test('a file that holds two weights of one name is refused', async () => {
    const at = join(folder, 'twice')
    await saveModel(at, { topology, weights })
    const path = join(at, 'model.json')
    const json = JSON.parse(await readFile(path, 'utf8'))
    const manifest = json.weightsManifest[0].weights
    manifest.push(manifest[1])
    await writeFile(path, JSON.stringify(json))
    const bytes = await readFile(join(at, 'weights.bin'))
    await writeFile(join(at, 'weights.bin'), Buffer.concat([bytes, bytes.subarray(0, 12)]))
    expect(await said(() => loadModel(at))).toContain('two of its weights have one name, among dense_1/kernel,')
  })
})

/** Runs the first iteration with some participants replaced. */
async function runWith(own: object, iterations = 1) {
  const protocol = { ...shorterProtocol('dagger'), iterations }
  const participants: Participants = { ...(await participantsOf(protocol)), ...own }
  for await (const { record } of imitate(participants, protocol, 1)) expect(record.iteration).toBeLessThan(3)
}
const byLoss: QueryStrategy = { title: 'Mine', rule: above('predictedLoss', 0.1), control: expertWhenQueried }
const withCritic = (create: CriticSpec['create']) =>
  runWith({ strategy: { ...byLoss, critic: { name: 'mine', create } } })
const made = (changes: object) => withCritic(async () => untyped<Critic>({ ...noCritic, ...changes }))
const combined = (critic: CriticSpec) =>
  runWith({ strategy: { ...byLoss, critic: combineCritics(lossNetwork('norm'), critic) } })
const scoring = (score: unknown) => collectWith({ critic: { ...noCritic, score } })
const spec: NetworkCritic = {
  name: 'mine',
  topology: (m, n) => perceptron(m + n, [4], n),
  loss: 'squared-error',
  targets: (label) => label,
  score: () => ({ predictedLoss: () => new Float32Array(1) })
}
const declared = (changes: object) =>
  runWith({ strategy: { ...byLoss, critic: networkCritic(untyped<NetworkCritic>({ ...spec, ...changes })) } })

describe('a critic', () => {
  const { targets, ...withoutTargets } = spec
  const small = perceptron(2, [3], 1)
  refuses([
    [
      'a misspelt loss',
      () => declared({ loss: 'squared' }),
      "there is no loss 'squared': choose one of squared-error, logistic"
    ],
    [
      'a misspelt field',
      () =>
        runWith({
          strategy: { ...byLoss, critic: networkCritic(untyped<NetworkCritic>({ ...withoutTargets, target: targets })) }
        }),
      'there is no field target: there are name, topology, loss, targets, score'
    ],
    [
      'a critic that was not declared',
      () => runWith({ strategy: { ...byLoss, critic: lossNetwork } }),
      'the function lossNetwork: call it'
    ],
    [
      'a network that is none',
      () => made({ networks: [net, {}] }),
      'critic.networks.1 must be a network, as createNetwork returns it, not {}'
    ],
    ['misspelt states', () => made({ statess: [{}] }), 'there is no field critic.statess: there are networks, states'],
    [
      'no targets',
      () => declared({ targets: () => undefined }),
      "the critic 'mine': targets must be a list, not undefined"
    ],
    [
      'targets that are async',
      () => declared({ targets: async () => new Float32Array(1) }),
      "the critic 'mine': targets must be a list, not a promise: await it"
    ],
    [
      'targets that are NaN',
      () => declared({ targets: (label: Float32Array) => label.map(() => Number.NaN) }),
      "the critic 'mine': the target for row 0 has NaN at entry 0: give finite numbers"
    ],
    [
      'targets in a plain list',
      () => declared({ targets: (label: Float32Array) => [...label] }),
      "the critic 'mine': the target for row 0 must be Float32Array of"
    ],
    [
      'probabilities of 5',
      () => declared({ loss: 'logistic', targets: (label: Float32Array) => label.map(() => 5) }),
      "the critic 'mine': the target for row 0 is 5: a logistic one is from 0 to 1"
    ],
    [
      'a topology that fails',
      () => declared({ topology: () => perceptron(0, [4], 1) }),
      "the critic 'mine': inputs must be a whole number from 1 on, not 0"
    ],
    [
      'a fit that fails',
      () => made({ fit: () => Promise.reject(new TypeError('no data')), score: spec.score }),
      "the critic 'mine': no data"
    ],
    [
      'a calibration that fails',
      () =>
        runWith(
          {
            strategy: {
              ...byLoss,
              critic: { name: 'mine', create: async () => ({ ...noCritic, score: spec.score }) },
              rule: {
                ...byLoss.rule,
                calibrate() {
                  throw new TypeError('no scores')
                }
              }
            }
          },
          2
        ),
      "the calibration by the critic 'mine': no scores"
    ],
    ['networks that are no list', () => made({ networks: net }), 'critic.networks must be a list, not {'],
    ['states that are no list', () => made({ states: {} }), 'critic.states must be a list, not {}'],
    [
      'a column that is no function',
      () => scoring(() => ({ step: [1, 2, 3, 4] })),
      "the score 'step' for episode 0 at its step 0 must be Function, not Array of 4"
    ],
    [
      'scores that are nothing',
      () => scoring(() => undefined),
      'what score gives for episode 0 at its step 0 must be Object, not undefined'
    ],
    ['scores that are async', () => scoring(async () => ({})), 'must be Object, not promise: it must answer at once'],
    ['scores in a Map', () => scoring(() => new Map()), 'must be Object, not map'],
    [
      'a fit that does not await its training',
      () =>
        withCritic(async (_environment, create) => {
          const network = await create(small)
          return {
            networks: [network],
            score: () => ({ predictedLoss: () => new Float32Array(1) }),
            async fit(_experience, training) {
              fit(network, examples, { ...training.fit, epochs: 50_000 }, generator(1), AbortSignal.timeout(50)).catch(
                () => {}
              )
              return []
            }
          }
        }),
      "the critic's fit ended before its training: await rg.fit"
    ],
    [
      'an ensemble whose members have no names',
      () =>
        withCritic(async (_environment, create) => ({
          ...noCritic,
          networks: [await create(small), await create(small)]
        })),
      "two networks named critic are the same: createNetwork(…, 'name')"
    ],
    [
      'an ensemble whose members have one name',
      () =>
        withCritic(async (_environment, create) => ({
          ...noCritic,
          networks: [await create(small, 'member'), await create(small, 'member')]
        })),
      'two networks named critic,member are the same'
    ],
    [
      'a misspelt score, before the first iteration',
      () => runWith({ strategy: { ...byLoss, rule: above('predictdLoss', 1), critic: lossNetwork('norm') } }),
      "the critic gives predictedLoss, lossGradient; the rule queries by 'predictdLoss'"
    ],
    [
      'a misspelt score of a combined rule, before the first iteration',
      () =>
        runWith({
          strategy: { ...byLoss, rule: coin(random(0.1), topFraction(0.1, 'los')), critic: lossNetwork('norm') }
        }),
      "the critic gives predictedLoss, lossGradient; the rule queries by 'los'"
    ],
    [
      'a combination with what is no critic',
      () => combined(untyped({})),
      "the critic 'loss network and undefined': critic.name is missing"
    ],
    [
      'a combined critic without networks',
      () => combined({ name: 'mine', create: async () => untyped({}) }),
      "the critic 'loss network and mine': critic.networks is missing"
    ],
    [
      'a combined critic that cannot be created',
      () =>
        combined({
          name: 'mine',
          create() {
            throw new Error('no memory')
          }
        }),
      "the critic 'loss network and mine': the critic 'mine': no memory"
    ],
    [
      'a combined critic whose fit returns nothing',
      () => combined({ name: 'mine', create: async () => ({ ...noCritic, fit: untyped(async () => undefined) }) }),
      "the critic 'loss network and mine': the critic 'mine': what the critic's fit returns must be a list, not undefined"
    ]
  ])

  test('members with names are different networks, and so are two combined critics of one network each', async () => {
    const kernels: Float32Array[] = []
    const spec = combineCritics(lossNetwork('norm'), safetyNetwork(0.04, 'logit'))
    const critic: CriticSpec = {
      name: 'both',
      async create(...given) {
        const critic = await spec.create(...given)
        kernels.push(...critic.networks.map((network) => network.weights()[0].values))
        return critic
      }
    }
    await runWith({ strategy: { ...byLoss, critic } })
    expect(kernels.map(({ length }) => length)).toEqual([13 * 128, 13 * 128])
    expect(kernels[0]).not.toEqual(kernels[1])
  })

  test('a critic that is combined with one whose networks have names keeps its own network', async () => {
    const named: string[] = []
    const network = await createNetwork(small, generator(1))
    const spec = (name: string, ...names: (string | undefined)[]): CriticSpec => ({
      name,
      async create(_environment, create) {
        for (const one of names) await create(small, one)
        return { ...noCritic, networks: [network] }
      }
    })
    const create = async (_topology: unknown, name?: string) => {
      named.push(`${name}`)
      return network
    }
    await combineCritics(spec('a', 'member 1', 'member 2'), spec('b', undefined)).create(environment, create)
    await combineCritics(spec('a', undefined), spec('b', undefined)).create(environment, create)
    expect(named).toEqual(['member 1', 'member 2', 'undefined', 'undefined', 'b'])
  })

  test('a rule of one’s own whose reasons are no scores runs, alone and combined', async () => {
    const mine = { reasons: ['mine'], query: (_: unknown, rngs: readonly unknown[]) => [new Uint8Array(rngs.length)] }
    const rule = anyOf(mine, above('predictedLoss', 1))
    await runWith({ strategy: { ...byLoss, rule, critic: lossNetwork('norm') } }, 2)
  })
})

describe('a rule and a strategy', () => {
  const part = (masks: unknown): Rule => ({ reasons: ['mine'], query: () => untyped(masks) })
  const combining = (rule: Rule) => collectWith({ strategy: { ...strategy, rule } })
  const masks = (mask: unknown) =>
    collectWith({ strategy: { ...strategy, rule: { reasons: ['mine'], query: () => [mask] } } })
  refuses([
    [
      'a part of a rule with a mask too few, beside one with a mask too many',
      () => combining(anyOf(part([]), { ...part([new Uint8Array(4), new Uint8Array(4)]), reasons: ['other'] })),
      'what a rule by mine gives must be 1 masks, one for each reason, not Array of 0'
    ],
    [
      'a part of a coin that gives no masks',
      () => combining(coin(random(0.1), part(undefined))),
      'what a rule by mine gives must be 1 masks, one for each reason, not undefined'
    ],
    [
      'a part of a coin with a mask of bits',
      () =>
        combining(
          coin(part([new Uint8Array(4).fill(8)]), { ...part([new Uint8Array(4).fill(8)]), reasons: ['other'] })
        ),
      'is 8: a mask has 1 for yes and 0 for no'
    ],
    [
      'a mask of bits',
      () => masks(Uint8Array.of(0, 255, 1, 0)),
      "the mask 'mine' for episode 1 at its step 0 is 255: a mask has 1"
    ],
    [
      'a release of 2',
      () =>
        collectWith({ strategy: { ...strategy, rule: above('step', -1), release: () => Uint8Array.of(1, 1, 2, 0) } }),
      'what release gives for episode 2 at its step 0 is 2: a mask has 1 for yes and 0 for no'
    ],
    [
      'a mask of fractions',
      () => masks(Float32Array.of(0, 0.5, 1, 0)),
      'must be Uint8Array of 4, not Float32Array of 4'
    ],
    ['a mask of flags', () => masks([true, false, true, false]), 'must be Uint8Array of 4, not Array of 4'],
    [
      'a reason that is given twice',
      () => collectWith({ strategy: { ...strategy, rule: anyOf(above('step', 9), above('step', 3)) } }),
      'strategy.rule.reasons must differ, or they are counted twice: give one another name'
    ],
    [
      'a reason that is the algorithm’s',
      () => collectWith({ strategy: { ...strategy, rule: { ...strategy.rule, reasons: ['expertControl'] } } }),
      "strategy.rule.reasons must not have 'expertControl', the reason where the expert keeps control"
    ],
    ['a list of scores', () => topFraction(0.2, untyped(['x'])), "topFraction's score must be text, not Array of 1"],
    ['a number as score', () => above(untyped(5), 1), "above's score must be text, not 5"],
    ['a number to rank by', () => above('a', 1, untyped(5)), "above's rankedBy must be text, not 5"],
    ['either of one rule', () => anyOf(random(0.1), untyped(undefined)), 'rule 2 must be an object, not undefined'],
    ['a coin for a rule’s name', () => coin(untyped('always'), random(0.1)), 'rule 1 must be an object, not always'],
    [
      'either of a rule and a strategy',
      () => anyOf(random(0.1), untyped(strategy)),
      'there is no field title: there are reasons, rankedBy, thresholds, query, calibrate'
    ],
    [
      'a combined rule whose calibration returns nothing',
      () => anyOf(random(0.1), { ...random(0.2), calibrate: () => untyped(undefined) }).calibrate?.({}),
      'rule 2 must be an object, not undefined'
    ],
    [
      'changes that are null',
      () => protocolFor('reacher', 'dagger', { topology, weights }, untyped(null)),
      'changes must be an object, not null'
    ],
    [
      'changes in a list',
      () => protocolFor('reacher', 'dagger', { topology, weights }, untyped([])),
      'changes must be an object, not Array of 0'
    ],
    [
      'a calibration that returns nothing',
      () =>
        runWith(
          {
            strategy: { ...byLoss, rule: { ...byLoss.rule, calibrate: () => undefined }, critic: lossNetwork('norm') }
          },
          2
        ),
      "what the rule's calibrate returns must be an object, not undefined"
    ],
    [
      'an unknown strategy',
      () => strategyFor(untyped('dager'), hyperparameters.reacher),
      "there is no strategy 'dager'"
    ],
    [
      'thresholds that are none',
      () => strategyFor('loss', untyped({ tau: 1 })),
      'there is no field hyperparameters.tau: there are loss, safety'
    ],
    [
      'no thresholds at all',
      () => paperStrategies(untyped(undefined)),
      'hyperparameters must be an object, not undefined'
    ],
    [
      'readings that are none',
      () => relatedStrategies(hyperparameters.reacher, untyped(null)),
      'readings must be an object, not null'
    ],
    [
      'a rate beside a strategy of one’s own',
      () => experiment({ ...shorterProtocol('random'), rate: 0.2 }, 1, { strategy }).next(),
      "the protocol's rate is of its strategy: leave it out, and give your rule topFraction(…)"
    ],
    [
      'participants that are not awaited',
      () => experiment(shorterProtocol('random'), 1, untyped(Promise.resolve({}))).next(),
      'own must be an object, not a promise: await it'
    ],
    [
      'a model of TensorFlow.js as expert',
      () => runWith({ expert: layers }),
      'not those of a tf model: give networkOf(await loadModel(…))'
    ],
    [
      'an environment without masses',
      () => loadEnvironment('reacher', untyped(undefined)),
      'options must be an object, not undefined'
    ],
    [
      'a misspelt option of an environment',
      () => loadEnvironment('reacher', untyped({ mases: 'legacy' })),
      'there is no field mases'
    ],
    ['a changed column of Table 1', () => Object.assign(hyperparameters.reacher.loss, { tau: 1 }), 'read only'],
    [
      'a trace by a strategy without rule',
      () =>
        traceEpisode(
          'it',
          environment,
          environment.reset(lengths.map(() => generator(1))),
          policy,
          untyped({ strategy: {} })
        ),
      'querying.strategy.title is missing'
    ]
  ])
})

describe('a figure or a frame', () => {
  const traces =
    (...data: unknown[]) =>
    () =>
      drawable(figure(untyped(data), {}))
  const round: Record<string, unknown> = {}
  round.self = round
  const frame = (changes: object) => () =>
    show(
      untyped({
        columns: ['a', 'b'],
        index: [1, 2],
        values: [
          [1, 2],
          [3, 4]
        ],
        ...changes
      })
    )
  const scattered = (...changes: object[]) => traces(...changes.map((change) => ({ x: [1, 2], y: [3, 4], ...change })))
  const matrix = [
    [1, 2, 3],
    [4, 5, 6]
  ]
  const laidOut = (layout: unknown) => () => drawable(untyped({ data: [], layout }))
  const seedOf = (seed: number, count: number): SeedResults => {
    const iterations = Array.from({ length: count }, (_, i) => ({ iteration: i + 1, queries: i, loss: i, lossSd: 0 }))
    return untyped({ seed, outcomes: Object.fromEntries(strategyNames.map((name) => [name, { iterations }])) })
  }
  const panels = (given: unknown) => () => panelsFigure('it', untyped(given), {})
  refuses([
    ['a beginning of a type', traces({ type: 'barr', y: [1] }), 'must be a type of Plotly’s traces, not barr'],
    [
      'a type that another version of Plotly draws',
      traces({ type: 'scattermapbox' }),
      'a type of Plotly’s traces, not scattermapbox'
    ],
    ['too few words', scattered({ text: ['a'] }), 'data.0 has x and text of different lengths, 2 and 1'],
    [
      'too many error bars',
      scattered({}, { error_y: { array: [1, 2, 3] } }),
      'data.1 has x and error_y.array of different lengths, 2 and 3'
    ],
    ['too few colours', scattered({ marker: { color: [1] } }), 'x and marker.color of different lengths, 2 and 1'],
    ['too few sizes', traces({ y: [1, 2], marker: { size: [1] } }), 'y and marker.size of different lengths, 2 and 1'],
    [
      'a pie with a label too many',
      traces({ type: 'pie', labels: ['a', 'b'], values: [1] }),
      'labels and values of different lengths, 2 and 1'
    ],
    [
      'angles and radii of different lengths',
      traces({ type: 'scatterpolar', r: [1, 2], theta: [1] }),
      'r and theta of different lengths, 2 and 1'
    ],
    [
      'shares of three of different lengths',
      traces({ type: 'scatterternary', a: [1, 2], b: [1, 2], c: [1] }),
      'a and c of different lengths, 2 and 1'
    ],
    [
      'points in space without some heights',
      traces({ type: 'scatter3d', x: [1, 2], y: [1, 2], z: [1] }),
      'x and z of different lengths, 2 and 1'
    ],
    ['a heatmap’s y for its columns', traces({ type: 'heatmap', y: [1], z: matrix }), 'has z of 2 rows and y of 1'],
    [
      'a heatmap’s x for its rows',
      traces({ type: 'heatmap', x: [1, 2], y: [1, 2], z: matrix }),
      'data.0 has a row of z with 3 columns and x of 2'
    ],
    [
      'a heatmap’s z as one row',
      traces({ type: 'heatmap', z: [1, 2] }),
      'data.0 has z that is no list of rows: give rows'
    ],
    ['a surface’s z as one row', traces({ type: 'surface', z: [] }), 'data.0 has z that is no list of rows'],
    ['error bars as a list', scattered({ error_y: [1, 2] }), 'data.0.error_y must be an object, not Array of 2'],
    ['transforms', scattered({ transforms: [] }), 'data.0.transforms must be left out, for Plotly has none'],
    [
      'an axis by the layout’s name',
      scattered({ xaxis: 'xaxis2' }),
      'data.0.xaxis must be an axis: x, x2, x3 …, not xaxis2'
    ],
    ['a shape that is in no list', laidOut({ shapes: { type: 'line' } }), 'layout.shapes must be a list, not {type}'],
    [
      'words that are in no list',
      laidOut({ annotations: { text: 'a' } }),
      'layout.annotations must be a list, not {text}'
    ],
    ['pairs as x', scattered({ x: matrix }), 'data.0 has x with a list in it: give numbers, texts or dates'],
    [
      'records as y of bars',
      scattered({ type: 'bar', y: [{ value: 1 }, { value: 2 }] }),
      'data.0 has y with a record in it: give numbers, texts or dates'
    ],
    ['labels that are no list', traces({ type: 'pie', labels: 'a', values: [1] }), 'labels must be a list, not a'],
    ['a DataView as y', traces({ y: new DataView(new ArrayBuffer(8)) }), 'figure.data.y (DataView) is not drawn'],
    ['a title that is a number', laidOut({ title: 5 }), 'figure.layout.title (Number) is not drawn'],
    ['a title that is a list', laidOut({ xaxis: { title: ['a'] } }), 'figure.layout.xaxis.title (Array) is not drawn'],
    [
      'a title whose text is an object',
      laidOut({ title: { text: { text: 'it' } } }),
      'figure.layout.title.text (Object) is not drawn'
    ],
    [
      'a title of panels in Plotly’s terms',
      () => panelsFigure(untyped({ text: 'it' }), {}, {}),
      'there is no field text: there are title, subtitle'
    ],
    ['a title in the place of the layout', () => figure([], untyped('title')), 'layout must be an object, not title'],
    ['a layout that is a list', () => figure([], untyped([])), 'layout must be an object, not Array of 0'],
    ['a layout that is a number', laidOut(5), 'layout must be an object, not 5'],
    ['traces that are no list', () => figure(untyped({ y: [1] }), {}), 'data must be a list, not {y}'],
    ['panels that are a list', panels([[{ y: [1] }]]), 'panels must be an object, not Array of 1'],
    ['a panel that is no list of traces', panels({ a: { y: [1] } }), 'panels.a must be a list, not {y}'],
    ['panels without options', () => panelsFigure('it', {}, untyped(undefined)), 'options must be an object'],
    ['a panel with a trace that is null', panels({ a: [null] }), 'panels.a.0 must be an object, not null'],
    [
      'a trace of a frame with lists of different lengths',
      () => drawable(untyped({ data: [], layout: {}, frames: [{}, { data: [{ x: [1], y: [1, 2] }] }] })),
      'frames.1.data.0 has x and y of different lengths, 1 and 2'
    ],
    ['x and y of different lengths', traces({ x: [1, 2, 3], y: [1, 2] }), 'data.0 has x and y of different lengths'],
    ['a number as y', traces({ x: [1], y: [1] }, { x: [1], y: 5 }), 'data.1.y must be a list, not 5'],
    ['a trace that is undefined', traces(undefined), 'data.0 must be an object, not undefined'],
    [
      'an unknown type',
      traces({ type: 'scater', y: [1] }),
      'data.0.type must be a type of Plotly’s traces, not scater'
    ],
    ['a figure that contains itself', traces({ x: [1], y: [1], meta: round }), 'is not drawn: it contains itself'],
    ['a colour by name', () => withOpacity('red', 0.5), 'there is no colour red here: write it as #rrggbb'],
    ['a frame with a short row', frame({ values: [[1, 2], [3]] }), 'a frame has a row of 2 values, one a column'],
    ['a frame with a short index', frame({ index: [1] }), 'for each entry of its index'],
    [
      'misspelt panels',
      () => panelsFigure('it', {}, untyped({ colums: 2 })),
      'there is no field options.colums: there are x, y, columns'
    ],
    [
      'a line of no axis',
      () => panelsFigure('it', {}, { referenceLines: [untyped({ axis: 'z', at: 1 })] }),
      'choose one of x, y'
    ],
    [
      'curves of a strategy without a name',
      () => learningCurves('it', [untyped({ strategy: 7, seed: 1, records: [] })], 3),
      'runs.0.strategy must be text, not 7'
    ],
    [
      'curves of iterations in place of their records',
      () => learningCurves('it', [untyped({ strategy: 'dagger', seed: 1, records: [{ record: {} }] })], 3),
      'runs.0.records.0.iteration is missing: there are iteration, queries, loss, lossSd'
    ],
    [
      'curves of seeds with other iterations',
      () => nineFigure('reacher', [seedOf(1, 3), seedOf(2, 2)], 'it'),
      'seed 2 has 2 iterations, the first 3'
    ],
    ['a film of nothing', () => playEpisodes('it', []), 'there is nothing to play: give an episode'],
    [
      'curves of no seed',
      () => nineFigure('reacher', [], 'it'),
      'there are no results to plot: give those of a seed at least'
    ],
    [
      'norms of a matrix of other rows',
      () => norms(new Float32Array(7), 3),
      'a matrix of 7 numbers cannot have 3 rows'
    ],
    [
      'columns of matrices of other rows',
      () => joinColumns(new Float32Array(6), new Float32Array(4), 3),
      'a matrix of 4 numbers cannot have 3 rows'
    ],
    ['norms of no rows', () => norms(new Float32Array(6), untyped(undefined)), 'cannot have undefined rows']
  ])

  test('the types of traces are those that plotly.js-dist draws', async () => {
    const source = await readFile('node_modules/plotly.js-dist/plotly.js', 'utf8')
    const types = [...source.matchAll(/moduleType: "trace",\s+name: "(\w+)"/g)].map(([, type]) => type)
    expect(types.length).toBeGreaterThan(40)
    for (const type of types) expect(drawable(figure([{ type }], {})).data).toEqual([{ type }])
  })

  test('heatmaps, categories of two levels, matrices of boxes, dates and typed arrays are drawn', () => {
    const drawn = [
      { type: 'heatmap', x: [1, 2, 3], y: [1, 2], z: matrix, text: [['a']] },
      { type: 'heatmap', x: [0, 1, 2, 3], y: [0, 1, 2], z: matrix },
      { type: 'heatmap', x: [1, 2], y: [1, 2, 3], z: matrix, transpose: true },
      { type: 'contour', x: [1, 2], y: [1, 2], z: [1, 2] },
      { x: [1, 2], y: [1, 2], xaxis: 'x12', yaxis: 'y', error_y: { array: [1, 2] } },
      { type: 'carpet', a: [1, 2, 3], b: [1, 2], y: matrix },
      { type: 'surface', x: matrix, y: matrix, z: matrix },
      { type: 'box', x: ['a', 'b'], y: matrix, q1: [1, 2], median: [2, 3], q3: [3, 4] },
      { type: 'histogram', x: [1, 2, 3], marker: { color: ['red', 'blue'] } },
      { x: [new Date(0), new Date(1)], y: [1, null], text: 'all', marker: { size: 5, color: ['red', 'blue'] } },
      {
        type: 'bar',
        x: [
          ['a', 'a', 'b'],
          [1, 2, 1]
        ],
        y: [1, 2, 3]
      },
      { y: [1, 2] },
      { x: Float32Array.of(1, 2), y: Float64Array.of(1, 2) },
      { x: [1, 2], y: { dtype: 'i1', bdata: 'AQI=' } }
    ]
    expect(drawable(figure(drawn, {})).data).toHaveLength(drawn.length)
  })
})

describe('a folder of results', () => {
  test('a folder without a record in it is refused with what is there, and an empty one is not', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'radgrad-results-'))
    expect((await readResults(empty)).records.size).toBe(0)
    await writeFile(join(empty, 'a.json.12.part'), '')
    expect((await readResults(empty)).records.size).toBe(0)
    await mkdir(join(empty, 'reacher'))
    expect(await said(() => readResults(empty))).toBe(`${empty} has reacher, but no record: *.pack.gz or *.json`)
  })
})
