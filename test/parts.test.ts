/** What a user's parts give is checked where it comes in: the error names the part, the episode, the step and the value. */
import { describe, expect, test } from 'vitest'
import { imitate, type Participants, participantsOf } from '../lib/algorithm'
import { collect } from '../lib/collect'
import { type Environment, type Episodes, makeEnvironment, type Task } from '../lib/environments'
import { evaluate, trials } from '../lib/evaluate'
import { experiment } from '../lib/notebook/experiment'
import { protocolFor } from '../lib/protocol'
import {
  above,
  always,
  anyOf,
  bayesianLossNetwork,
  type Critic,
  expertWhenQueried,
  learnerThroughout,
  lossNetwork,
  type Mask,
  nearestNeighbourCritic,
  type QueryStrategy,
  random,
  safetyNetwork,
  topFraction
} from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { generator } from '../lib/util/random'
import { expertAction, learnerAction, lengths, scriptedEnvironment, scriptedNetwork, stepCritic } from './scripted'
import { expert, shorterProtocol } from './short-run'
import { slide, slideSimulator } from './slide'

/** Stands for what a user writes without types: JavaScript, or a cell that casts. */
const untyped = <T>(value: unknown): T => value as T

const dagger: QueryStrategy = { title: 'DAgger', rule: always, control: learnerThroughout }

type Parts = Parameters<typeof collect>[0]

/** Collects the scripted episodes with some parts replaced. */
const collectWith = (parts: Partial<Parts>) =>
  collect(
    {
      environment: scriptedEnvironment(lengths).environment,
      policy: scriptedNetwork(learnerAction),
      expert: scriptedNetwork(expertAction),
      strategy: dagger,
      critic: stepCritic,
      ...parts
    },
    lengths.length,
    [1, 1]
  )

/** A policy of the scripted task that gives something of its own in place of the actions. */
const giving = (give: (inputs: Float32Array, rows: number) => unknown) => ({
  ...scriptedNetwork(learnerAction),
  predict: (inputs: Float32Array, rows: number) => untyped<Float32Array>(give(inputs, rows))
})

/** Gives a value in step 2 of episode 1, and 0 elsewhere. */
const once = (value: number) => (inputs: Float32Array, rows: number) =>
  Float32Array.from({ length: rows }, (_, row) => (inputs[2 * row] === 1 && inputs[2 * row + 1] === 2 ? value : 0))

const badActions: [string, (inputs: Float32Array, rows: number) => unknown, string][] = [
  ['NaN in one state', once(Number.NaN), 'for episode 1 at its step 2 has NaN at entry 0: give finite numbers'],
  [
    'Infinity in one state',
    once(Number.POSITIVE_INFINITY),
    'for episode 1 at its step 2 has Infinity at entry 0: give finite numbers'
  ],
  [
    'a promise',
    async () => new Float32Array(4),
    'for episode 0 at its step 0 must be Float32Array of 4, not promise: it must answer at once'
  ],
  [
    'too few actions',
    (_, rows) => new Float32Array(rows - 1),
    'for episode 0 at its step 0 must be Float32Array of 4, not Float32Array of 3'
  ],
  [
    'too many actions',
    (_, rows) => new Float32Array(rows + 1),
    'for episode 0 at its step 0 must be Float32Array of 4, not Float32Array of 5'
  ],
  [
    'a plain array',
    (_, rows) => Array(rows).fill(0),
    'for episode 0 at its step 0 must be Float32Array of 4, not Array of 4'
  ],
  ['nothing', () => undefined, 'for episode 0 at its step 0 must be Float32Array of 4, not undefined']
]

describe.each(['expert', 'policy'] as const)('the %s', (role) => {
  // an expert may answer later
  const bad = badActions.filter(([what]) => role === 'policy' || what !== 'a promise')
  test.each(bad)(`a batch whose ${role} gives %s is refused`, async (_, give, message) => {
    await expect(collectWith({ [role]: giving(give) })).rejects.toThrow(`the ${role}'s action ${message}`)
  })

  test.each(bad)(`trials whose ${role} gives %s are refused, with noise and without`, async (_, give, message) => {
    const { environment } = scriptedEnvironment(lengths)
    for (const noise of [0, 0.1])
      await expect(trials(environment, giving(give), lengths.length, { role, noise })).rejects.toThrow(
        `the ${role}'s action ${message}`
      )
  })
})

test('a strategy and a critic may be of classes, with fields of their own that their methods use', async () => {
  class Counting {
    readonly title = 'Counting'
    readonly rule = always
    calls = 0
    control(batch: Parameters<QueryStrategy['control']>[0]) {
      this.calls++
      return learnerThroughout(batch)
    }
  }
  class Steps {
    readonly networks = []
    scored = 0
    fit = async () => []
    score(...batch: Parameters<Critic['score']>) {
      this.scored++
      return stepCritic.score(...batch)
    }
  }
  const [strategy, critic] = [new Counting(), new Steps()]
  await collectWith({ strategy, critic })
  expect([strategy.calls, critic.scored]).toEqual([Math.max(...lengths), Math.max(...lengths)])
})

test('an expert is asked in no step in which nothing is queried', async () => {
  const asked: number[] = []
  const watched = giving((inputs, rows) => {
    asked.push(rows)
    return scriptedNetwork(expertAction).predict(inputs, rows)
  })
  const rule = {
    reasons: ['step'],
    query: (_: unknown, rngs: readonly unknown[]) => [new Uint8Array(rngs.length).fill(Number(asked.length === 0))]
  }
  await collectWith({ expert: watched, strategy: { ...dagger, rule } })
  expect(asked).toEqual([lengths.length])
})

test('an expert that fails in a trial alone is named as the expert, not as the policy', async () => {
  const protocol = shorterProtocol('dagger', { firstBatch: 'expert' })
  const participants = await participantsOf(protocol)
  let calls = 0
  const failing = {
    ...participants.expert,
    predict(inputs: Float32Array, rows: number) {
      const actions = participants.expert.predict(inputs, rows)
      calls++
      if (calls === 50 + 8) actions[3] = Number.NaN // the batch has 50 steps
      return actions
    }
  }
  await expect(imitate({ ...participants, expert: failing }, protocol, 1).next()).rejects.toThrow(
    "the expert's action for episode 1 at its step 7 has NaN at entry 1: give finite numbers"
  )
})

test('`evaluate` refuses a policy that is async', async () => {
  const { environment } = scriptedEnvironment(lengths)
  await expect(
    evaluate(
      environment,
      giving(async () => new Float32Array(4)),
      lengths.length
    )
  ).rejects.toThrow(
    "the policy's action for episode 0 at its step 0 must be Float32Array of 4, not promise: it must answer at once"
  )
})

describe('the task', () => {
  /** The scripted task with other episodes. */
  const taskWith = (change: (episodes: Episodes) => Partial<Episodes>): Environment => {
    const { environment } = scriptedEnvironment(lengths)
    const reset: Environment['reset'] = (rngs) => {
      const episodes = environment.reset(rngs)
      return Object.create(episodes, Object.getOwnPropertyDescriptors(change(episodes))) as Episodes
    }
    return { ...environment, reset }
  }
  const stepping = (change: (episodes: Episodes, ...given: Parameters<Episodes['step']>) => unknown) =>
    taskWith((episodes) => ({ step: (...given) => untyped(change(episodes, ...given)) }))

  const failures: [string, Environment, string][] = [
    [
      'a reward of NaN',
      stepping((episodes, running, actions) => {
        const late = episodes.observations[1] === 5
        const step = episodes.step(running, actions)
        if (late) step.rewards[1] = Number.NaN
        return step
      }),
      "scripted's reward for episode 1 at its step 5 has NaN at entry 0: give finite numbers"
    ],
    [
      'too few rewards',
      stepping((episodes, running, actions) => ({ ...episodes.step(running, actions), rewards: new Float64Array(1) })),
      "scripted's reward for episode 0 at its step 0 must be Float64Array of 4, not Float64Array of 1"
    ],
    [
      'an observation of NaN',
      stepping((episodes, running, actions) => {
        const step = episodes.step(running, actions)
        if (episodes.observations[1] === 3) episodes.observations[2] = Number.NaN
        return step
      }),
      "scripted's observation for episode 1 at its step 3 has NaN at entry 0: give finite numbers"
    ],
    [
      'an observation beyond single precision',
      stepping((episodes, running, actions) => {
        const step = episodes.step(running, actions)
        if (episodes.observations[1] === 3) episodes.observations[2] = 1e39
        return step
      }),
      "scripted's observation for episode 1 at its step 3 has Infinity at entry 0: give finite numbers"
    ],
    [
      'a start of Infinity',
      taskWith(({ observations }) => ({ observations: observations.fill(Number.POSITIVE_INFINITY, 4, 5) })),
      "scripted's start for episode 2 at its step 0 has Infinity at entry 0: give finite numbers"
    ],
    [
      'starts of the wrong length',
      taskWith(() => ({ observations: new Float64Array(7) })),
      "scripted's start for episode 0 at its step 0 must be Float64Array of 8, not Float64Array of 7"
    ],
    [
      'an episode without an end',
      taskWith((episodes) => ({ running: [...episodes.running] })),
      'scripted: episode 0 goes on after 25 steps, its horizon: end it by then'
    ]
  ]
  test.each(failures)('a batch of a task with %s is refused', async (_, environment, message) => {
    await expect(collectWith({ environment })).rejects.toThrow(message)
  })
  test.each(failures)('trials of a task with %s are refused', async (_, environment, message) => {
    await expect(evaluate(environment, scriptedNetwork(learnerAction), lengths.length)).rejects.toThrow(message)
  })

  test('a start that a task draws and that is not finite is refused with the task and the episode', async () => {
    const task: Task = { ...slide, draw: (rng) => ({ qpos: [rng() < 2 ? Number.NaN : 0], qvel: [0] }) }
    const environment = makeEnvironment(task, await slideSimulator())
    expect(() => environment.reset([generator(1)])).toThrow(
      'qpos for slide: episode 0 has NaN at entry 0: give finite numbers'
    )
  })

  test.each([
    ['too few terms', { terms: [], terminated: false }],
    ['no end', { terms: [1] }],
    ['a promise', Promise.resolve()]
  ])('a task whose step gives %s is refused', async (_, outcome) => {
    const environment = makeEnvironment({ ...slide, step: () => untyped(outcome) }, await slideSimulator())
    expect(() => environment.reset([generator(1)]).step([0], [0])).toThrow(
      'slide: a step must return 1 terms and terminated, which is true or false'
    )
  })
})

describe('the critic', () => {
  const scoring = (column: (rows: number) => unknown): Critic => ({
    ...noCritic,
    score: (_states, _actions, rows) => ({ mine: () => untyped<Float32Array>(column(rows)) })
  })
  const byMine: QueryStrategy = { ...dagger, rule: above('mine', 0.5) }

  test.each([
    [
      'NaN',
      (rows: number) => new Float32Array(rows).fill(Number.NaN, 2, 3),
      'for episode 2 at its step 0 has NaN at entry 0: give finite numbers'
    ],
    [
      'Infinity',
      (rows: number) => new Float32Array(rows).fill(Number.POSITIVE_INFINITY),
      'for episode 0 at its step 0 has Infinity at entry 0'
    ],
    [
      'too few numbers',
      () => new Float32Array(1),
      'for episode 0 at its step 0 must be Float32Array of 4, not Float32Array of 1'
    ],
    [
      'a plain array',
      (rows: number) => Array(rows).fill(1),
      'for episode 0 at its step 0 must be Float32Array of 4, not Array of 4'
    ],
    [
      'a promise',
      async () => new Float32Array(4),
      'for episode 0 at its step 0 must be Float32Array of 4, not promise: it must answer at once'
    ]
  ])('a score of %s is refused with its name', async (_, column, message) => {
    await expect(collectWith({ strategy: byMine, critic: scoring(column) })).rejects.toThrow(
      `the score 'mine' ${message}`
    )
  })

  test('a score that is NaN where thresholds are set by it is refused', async () => {
    const strategy: QueryStrategy = {
      ...byMine,
      rule: topFraction(0.2, 'mine'),
      critic: { name: 'mine', create: async () => scoring((rows) => new Float32Array(rows).fill(Number.NaN, 7, 8)) }
    }
    const protocol = shorterProtocol('dagger')
    const running = imitate({ ...(await participantsOf(protocol)), strategy }, protocol, 1)
    await running.next()
    await expect(running.next()).rejects.toThrow(
      "the calibration by the critic 'mine': the score 'mine' for episode 0 at its step 7 has NaN at entry 0: give finite"
    )
  })

  test('a rule that asks for a score that the critic does not give is refused with both', async () => {
    const protocol = shorterProtocol('dagger')
    const strategy = { ...dagger, rule: above('predictdLoss', 0.5), critic: lossNetwork('norm') }
    const running = imitate({ ...(await participantsOf(protocol)), strategy }, protocol, 1)
    await expect(running.next()).rejects.toThrow(
      "the critic gives predictedLoss, lossGradient; the rule queries by 'predictdLoss'"
    )
  })

  test.each([
    ['nothing', undefined, "what the critic's fit returns must be a list, not undefined"],
    ['a name', 'mine', "what the critic's fit returns must be a list, not mine"],
    ['numbers', [1], '0 must be text, not 1']
  ])('a critic whose `fit` returns %s is refused', async (_, dead, message) => {
    const critic = { name: 'mine', create: async () => ({ ...noCritic, fit: async () => untyped<string[]>(dead) }) }
    await expect(runWith({ strategy: { ...dagger, critic } })).rejects.toThrow(message)
  })

  test('a promise that is refused may reject later, wherever it is given, and the process goes on', async () => {
    const unheard: unknown[] = []
    const hear = (reason: unknown) => void unheard.push(reason)
    process.on('unhandledRejection', hear)
    const late = async () => {
      throw new Error('late')
    }
    const { environment } = scriptedEnvironment(lengths)
    const withTask = async (changes: object) =>
      makeEnvironment({ ...slide, ...changes }, await slideSimulator())
        .reset([generator(1)])
        .step([0], [0])
    const parts: object[] = [
      { policy: giving(late) },
      { expert: giving(late) },
      { critic: { ...noCritic, score: late }, strategy: byMine },
      { critic: { ...noCritic, score: () => ({ mine: () => late() }) }, strategy: byMine },
      { critic: { ...noCritic, score: () => ({ mine: late }) }, strategy: byMine },
      { critic: { ...noCritic, score: () => ({ mine: late(), other: late() }) }, strategy: byMine },
      { strategy: { ...dagger, rule: { reasons: ['mine'], query: late } } },
      { strategy: { ...dagger, rule: { reasons: ['a', 'b'], query: () => [late(), late()] } } },
      { strategy: { ...dagger, control: late } },
      { environment: late() },
      { environment: late(), expert: late() },
      { strategy: { ...dagger, rule: { reasons: ['a'], query: () => [late(), late()] } } },
      { environment: { ...environment, reset: late } },
      { environment: { ...environment, reset: (rngs: []) => ({ ...environment.reset(rngs), step: late }) } }
    ]
    for (const part of parts)
      await expect(collectWith(part)).rejects.toThrow(/at once|await it|Promise|reward|Array of 1|^the expert: late$/)
    await expect(withTask({ step: late })).rejects.toThrow('a step must return')
    await expect(withTask({ observe: late })).rejects.toThrow('observe must write')
    await new Promise((resolve) => setTimeout(resolve, 20))
    process.off('unhandledRejection', hear)
    expect(unheard).toEqual([])
  })

  test('a critic without a part is refused with the part', async () => {
    const critic = { name: 'mine', create: async () => untyped<Critic>({ score: () => ({}), fit: async () => [] }) }
    await expect(runWith({ strategy: { ...dagger, critic } })).rejects.toThrow(
      'critic.networks is missing: there are networks, states, fit, score'
    )
  })
})

/** Runs the first iteration with some participants replaced. */
async function runWith(own: object, seed: unknown = 1, changes: object = {}) {
  const protocol = shorterProtocol('dagger')
  const participants: Participants = { ...(await participantsOf(protocol)), ...own }
  return imitate(participants, { ...protocol, ...changes }, untyped<number>(seed)).next()
}

describe('the rule', () => {
  const querying = (query: (rows: number) => unknown): QueryStrategy => ({
    ...dagger,
    rule: { reasons: ['mine'], query: (_, rngs) => untyped<Mask[]>(query(rngs.length)) }
  })
  const oneMask = "the rule's masks for episode 0 at its step 0 must be Array of 1, not"

  test.each([
    [
      'two masks for one reason',
      (rows: number) => [new Uint8Array(rows), new Uint8Array(rows)],
      `${oneMask} Array of 2`
    ],
    ['no mask', () => [], `${oneMask} Array of 0`],
    ['a mask in place of a list', (rows: number) => new Uint8Array(rows), `${oneMask} Uint8Array of 4`],
    ['a promise', async (rows: number) => [new Uint8Array(rows)], `${oneMask} promise: it must answer at once`],
    [
      'a mask of too few rows',
      () => [new Uint8Array(1)],
      "the mask 'mine' for episode 0 at its step 0 must be Uint8Array of 4, not Uint8Array of 1"
    ],
    [
      'booleans',
      (rows: number) => [Array(rows).fill(true)],
      "the mask 'mine' for episode 0 at its step 0 must be Uint8Array of 4, not Array of 4"
    ],
    ['bits', () => [0b1111], "the mask 'mine' for episode 0 at its step 0 must be Uint8Array of 4, not number"]
  ])('a rule that gives %s is refused', async (_, query, message) => {
    await expect(collectWith({ strategy: querying(query) })).rejects.toThrow(message)
  })

  test.each<[string, () => unknown, string]>([
    [
      'a threshold of NaN',
      () => above('predictedLoss', Number.NaN),
      "the threshold of 'predictedLoss' must be a number, not NaN"
    ],
    [
      'a threshold as text',
      () => above('predictedLoss', untyped('0.5')),
      "the threshold of 'predictedLoss' must be a number, not 0.5 as text"
    ],
    [
      'no threshold',
      () => above('predictedLoss', untyped(undefined)),
      "the threshold of 'predictedLoss' must be a number, not undefined"
    ],
    ['a percentage of top states', () => topFraction(20, 'a'), "topFraction's fraction must be from 0 to 1, not 20"],
    ['a fraction of NaN', () => topFraction(Number.NaN, 'a'), "topFraction's fraction must be from 0 to 1, not NaN"],
    ['the top fraction of no score', () => topFraction(0.2), 'topFraction needs the name of a score at least'],
    ['a percentage of random states', () => random(30), "random's probability must be from 0 to 1, not 30"],
    ['a negative probability', () => anyOf(always, random(-0.1)), "random's probability must be from 0 to 1, not -0.1"],
    [
      'an unknown reading of the loss',
      () => lossNetwork(untyped('nrom')),
      "there is no lossNetwork's reading 'nrom': choose one of norm, jacobian, sum"
    ],
    [
      'an unknown reading of the risk',
      () => safetyNetwork(0.1, untyped('odds')),
      "there is no safetyNetwork's reading 'odds': choose one of probability, logit"
    ],
    ['a tau of NaN', () => safetyNetwork(Number.NaN, 'logit'), "safetyNetwork's tau must be a number above 0, not NaN"],
    [
      'no sample',
      () => bayesianLossNetwork('norm', 0, 0.9),
      "bayesianLossNetwork's count must be a whole number from 1 on, not 0"
    ],
    [
      'a percentile of 90',
      () => bayesianLossNetwork('norm', 10, 90),
      "bayesianLossNetwork's percentile must be from 0 to 1, not 90"
    ],
    [
      'a fraction of a neighbour',
      () => nearestNeighbourCritic(0.5),
      "nearestNeighbourCritic's k must be a whole number from 1 on, not 0.5"
    ]
  ])('a strategy with %s is refused when it is declared', (_, declare, message) => {
    expect(declare).toThrow(message)
  })

  test.each<[string, object, string]>([
    [
      'no control',
      { title: 'Mine', rule: always },
      'strategy.control is missing: there are title, critic, rule, control, release'
    ],
    [
      'a control that is no function',
      { ...dagger, control: 'expert' },
      'strategy.control must be a function, not expert'
    ],
    [
      'a misspelt release',
      { ...dagger, relese: expertWhenQueried },
      'there is no field strategy.relese: there are title, critic, rule, control, release'
    ],
    [
      'a rule without query',
      { ...dagger, rule: { reasons: ['mine'] } },
      'strategy.rule.query is missing: there are reasons, rankedBy, thresholds, query, calibrate'
    ],
    [
      'a rule that is misspelt',
      { ...dagger, rule: { ...always, calibrat: () => always } },
      'there is no field strategy.rule.calibrat: there are reasons, rankedBy, thresholds, query, calibrate'
    ],
    [
      'a critic that was created before',
      { ...dagger, critic: noCritic },
      'strategy.critic.name is missing: there are name, create'
    ]
  ])('a strategy with %s is refused before the run begins', async (_, strategy, message) => {
    await expect(runWith({ strategy })).rejects.toThrow(message)
  })
})

describe.each(['control', 'release'] as const)('`%s`', (name) => {
  test.each<[string, unknown, string]>([
    ['nothing', undefined, 'for episode 0 at its step 0 must be Uint8Array of 4, not undefined'],
    ['one flag', true, 'for episode 0 at its step 0 must be Uint8Array of 4, not boolean'],
    ['too few flags', new Uint8Array(1), 'for episode 0 at its step 0 must be Uint8Array of 4, not Uint8Array of 1'],
    ['booleans', [true, true, true, true], 'for episode 0 at its step 0 must be Uint8Array of 4, not Array of 4'],
    [
      'a promise',
      Promise.resolve(new Uint8Array(4)),
      'for episode 0 at its step 0 must be Uint8Array of 4, not promise: it must answer at once'
    ]
  ])(`a strategy whose ${name} gives %s is refused`, async (_, flags, message) => {
    const strategy: QueryStrategy = { ...dagger, [name]: () => untyped<Mask>(flags) }
    await expect(collectWith({ strategy })).rejects.toThrow(`what ${name} gives ${message}`)
  })
})

describe('settings that do not exist', () => {
  const { fit } = shorterProtocol('dagger')
  const experimentWith = (own: object, changes: object = {}, seed: unknown = 1) =>
    experiment({ ...shorterProtocol('dagger'), ...changes }, untyped<number>(seed), own).next()

  test.each<[string, object, string]>([
    ['a misspelt strategy', { stratgy: dagger }, 'there is no field stratgy: there are environment, strategy, expert'],
    ['a strategy that is undefined', { strategy: undefined }, 'strategy must be an object, not undefined'],
    ['a model in place of an expert', { expert }, 'expert.inputs is missing: there are inputs, outputs, predict'],
    ['the name of an environment', { environment: 'hopper' }, 'environment must be an object, not hopper']
  ])('an experiment with %s of one’s own is refused', async (_, own, message) => {
    await expect(experimentWith(own)).rejects.toThrow(message)
  })

  test.each<[string, object, string]>([
    [
      'a part of `fit` alone',
      { fit: { epochs: 3 } },
      'fit.loss is missing: there are loss, learningRate, epochs, batch, weights, optimizer, patience'
    ],
    ['a misspelt setting of `fit`', { fit: { ...fit, epoch: 3 } }, 'there is no field fit.epoch: there are loss,'],
    ['a misspelt setting', { iteratons: 3 }, 'there is no field iteratons: there are'],
    ['a number as text', { iterations: '3' }, 'iterations must be a whole number from 1 on, not 3 as text']
  ])('%s is refused, in a protocol, an experiment and a run of Algorithm 1', async (_, changes, message) => {
    expect(() => protocolFor('reacher', 'dagger', expert, changes)).toThrow(message)
    await expect(experimentWith({}, changes)).rejects.toThrow(message)
    await expect(runWith({}, 1, changes)).rejects.toThrow(message)
  })

  test('Algorithm 1 takes settings without what makes its participants, which it is given', async () => {
    const { environment, strategy, expert, masses, hyperparameters, readings, ...settings } = shorterProtocol('dagger')
    const participants = await participantsOf(shorterProtocol('dagger'))
    expect((await imitate(participants, settings, 1).next()).value?.record.iteration).toBe(1)
  })

  test.each<[unknown, string]>([
    ['1', '1 as text'],
    [1.5, '1.5'],
    [-1, '-1'],
    [Number.NaN, 'NaN'],
    [null, 'null']
  ])('a seed of %j is refused', async (seed, shown) => {
    const message = `seed must be a whole number from 0 on, not ${shown}`
    await expect(runWith({}, seed)).rejects.toThrow(message)
    await expect(experimentWith({}, {}, seed)).rejects.toThrow(message)
  })
})
