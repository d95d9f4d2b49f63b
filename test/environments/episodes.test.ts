/** Starts, ends and errors of episodes, which depend on nothing but their start and their actions. */
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type Environment,
  type EnvironmentName,
  type Episodes,
  environments,
  loadEnvironment,
  type Masses,
  makeEnvironment,
  simulate,
  type Task
} from '../../lib/environments'
import { generator, uniform } from '../../lib/util/random'

const rngs = (count: number, purpose = 'start') => Array.from({ length: count }, (_, e) => generator(7, purpose, e))

const rows = (values: Float64Array, width: number): number[][] =>
  Array.from({ length: values.length / width }, (_, i) => [...values.subarray(i * width, (i + 1) * width)])

/** Plays random actions, drawn from a generator for each episode, for at most `limit` steps. Returns each episode's rewards and observations. */
function play(environment: Environment, episodes: Episodes, limit = 40): number[][] {
  const sources = episodes.running.map((e) => generator(7, 'actions', e))
  const seen: number[][] = sources.map(() => [])
  for (let t = 0; t < limit && episodes.running.length > 0; t++) {
    const { running } = episodes
    const actions = running.flatMap((e) =>
      Array.from({ length: environment.actionSize }, () => uniform(sources[e], -1, 1))
    )
    const { rewards } = episodes.step(running, actions)
    const shown = rows(episodes.observations, environment.observationSize)
    for (const [k, e] of running.entries()) seen[e].push(rewards[k], ...shown[e])
  }
  return seen
}

/** Balances the hopper, as in `oracle.py`. */
function stand(observation: ArrayLike<number>): number[] {
  const [angle, forward, spin] = [observation[1], observation[5], observation[7]]
  const balance = [
    [-0.6, -0.24, -0.14],
    [-1.31, 0.69, -0.58],
    [1.56, 0.18, -0.39]
  ]
  return balance.map(
    ([a, s, f], i) =>
      a * angle + s * spin + f * forward - 3.72 * (observation[2 + i] - [-0.17, 0, 0.16][i]) - 0.08 * observation[8 + i]
  )
}

describe.each(environments)('%s', (name) => {
  let environment: Environment
  beforeAll(async () => {
    environment = await loadEnvironment(name, { masses: 'legacy' })
  })

  test('equal generators give equal starts, and others give others', () => {
    const [a, b] = [environment.reset(rngs(3)), environment.reset(rngs(3))]
    expect(a.observations).toEqual(b.observations)
    expect(environment.reset(rngs(3, 'other')).observations).not.toEqual(a.observations)
    const [first, second] = rows(a.observations, environment.observationSize)
    expect(first).not.toEqual(second)
  })

  test('an episode alone is bit for bit what it is among 100 others', () => {
    const together = play(environment, environment.reset(rngs(100)))
    for (const e of [0, 57, 99]) {
      const alone = environment.reset([rngs(100)[e]])
      const source = generator(7, 'actions', e)
      const seen: number[] = []
      while (alone.running.length > 0 && seen.length < together[e].length) {
        const action = Array.from({ length: environment.actionSize }, () => uniform(source, -1, 1))
        seen.push(alone.step([0], action).rewards[0], ...alone.observations)
      }
      expect(seen).toEqual(together[e])
    }
  })

  test('episodes of several resets may be stepped alternately, in any order', async () => {
    const alone = play(environment, environment.reset(rngs(2)), 8)
    const [a, b] = [environment.reset(rngs(2)), environment.reset(rngs(2, 'other'))]
    const other = await loadEnvironment(name, { masses: 'current' })
    const sources = [0, 1].map((e) => generator(7, 'actions', e))
    const seen: number[][] = [[], []]
    for (let t = 0; t < 8; t++) {
      const actions = sources.map((source) =>
        Array.from({ length: environment.actionSize }, () => uniform(source, -1, 1))
      )
      b.step([0, 1], actions.flat())
      const { rewards } = a.step([1, 0], [actions[1], actions[0]].flat())
      other.reset(rngs(1))
      const shown = rows(a.observations, environment.observationSize)
      for (const [k, e] of [1, 0].entries()) seen[e].push(rewards[k], ...shown[e])
    }
    expect(seen).toEqual(alone)
  })

  test('the reward is the sum of its terms', () => {
    const episodes = environment.reset(rngs(1))
    const { rewards, terms } = episodes.step([0], Array(environment.actionSize).fill(0.5))
    expect(Object.values(terms).reduce((sum, term) => sum + term[0], 0)).toBe(rewards[0])
    expect(rewards[0]).not.toBe(0)
  })

  test('an action beyond the range pushes no harder and costs more', () => {
    const [within, beyond] = [1, 5].map((reach) => {
      const episodes = environment.reset(rngs(1))
      const { terms } = episodes.step([0], Array(environment.actionSize).fill(reach))
      return { shown: [...episodes.observations], cost: terms.control[0] }
    })
    expect(beyond.shown).toEqual(within.shown)
    expect(beyond.cost).toBeCloseTo(25 * within.cost, 12)
  })

  test('the engine’s memory stays constant however many episodes are abandoned', () => {
    for (let i = 0; i < 300; i++) environment.reset(rngs(10))
    const before = process.memoryUsage().rss
    for (let i = 0; i < 2000; i++) environment.reset(rngs(10)).step([0], Array(environment.actionSize).fill(0))
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6)
  })

  describe('an error', () => {
    const step = (actions: number[], episodes = [0, 1]) => environment.reset(rngs(2)).step(episodes, actions)
    const zeros = (count: number): number[] => Array(count * environment.actionSize).fill(0)

    test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
      'an action of %d is refused by episode, step and entry',
      (bad) => {
        const actions = zeros(2)
        actions[environment.actionSize + 1] = bad
        expect(() => step(actions)).toThrow(
          new RegExp(`${name}: the action for episode 1 at its step 0 has ${bad} at entry 1: give finite numbers`)
        )
      }
    )

    test('a refused step moves nothing', () => {
      const episodes = environment.reset(rngs(2))
      const before = episodes.observations.slice()
      expect(() => episodes.step([0, 1], zeros(2).fill(Number.NaN, environment.actionSize))).toThrow(RangeError)
      expect(episodes.observations).toEqual(before)
    })

    test('actions of the wrong length are refused', () => {
      expect(() => step([0])).toThrow(
        `${name}: the action for episode 0 at its step 0 must be Array of ${2 * environment.actionSize}, not Array of 1`
      )
    })

    test('a step of an unknown or a repeated episode is refused', () => {
      expect(() => step(zeros(1), [2])).toThrow(/no episode 2 among 2/)
      expect(() => step(zeros(2), [1, 1])).toThrow(/an episode twice \(1, 1\)/)
    })

    test('a step of an ended episode is refused', () => {
      const episodes = environment.reset(rngs(1))
      let count = 0
      while (episodes.running.length > 0) {
        episodes.step([0], zeros(1).fill(1))
        count++
      }
      expect(() => episodes.step([0], zeros(1))).toThrow(new RegExp(`episode 0 ended after ${count} steps: step only`))
    })

    test('a start of the wrong size or with NaN is refused', () => {
      expect(() => environment.resetTo([{ qpos: [0], qvel: [0] }])).toThrow(
        /qpos for \w+: episode 0 must be Array of \d, not Array of 1$/
      )
      const size = { reacher: 4, hopper: 6, halfcheetah: 9, walker2d: 9 }[name]
      const [rest, bad] = [Array(size).fill(0), [...Array(size - 1).fill(0), Number.NaN]]
      expect(() => environment.resetTo([{ qpos: rest, qvel: bad }])).toThrow(
        /qvel for \w+: episode 0 has NaN at entry \d: give finite numbers$/
      )
    })
  })
})

describe('reacher', () => {
  test('starts lie within their ranges, and targets are uniform over the disc', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const starts = rows(environment.reset(rngs(2000)).observations, 11)
    const radii = starts.map((o) => Math.hypot(o[4], o[5]))
    expect(Math.max(...radii)).toBeLessThan(0.2)
    expect(Math.max(...radii)).toBeGreaterThan(0.195)
    // Uniform over the disc: a quarter lies within half the radius.
    expect(radii.filter((radius) => radius < 0.1).length / 2000).toBeCloseTo(0.25, 1)
    for (const joint of [0, 1]) {
      const angles = starts.map((o) => Math.atan2(o[2 + joint], o[joint]))
      expect(Math.max(...angles)).toBeLessThan(0.1)
      expect(Math.max(...angles)).toBeGreaterThan(0.099)
      expect(Math.min(...angles)).toBeGreaterThanOrEqual(-0.1)
      expect(Math.min(...angles)).toBeLessThan(-0.099)
      const speeds = starts.map((o) => Math.abs(o[6 + joint]))
      expect(Math.max(...speeds)).toBeLessThanOrEqual(0.005)
      expect(Math.max(...speeds)).toBeGreaterThan(0.0049)
    }
  })

  test('observations hold sines and cosines of the angles and the fingertip relative to the target', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const [q0, q1, x, y] = [2.5, -1.7, 0.05, -0.11]
    const { observations } = environment.resetTo([{ qpos: [q0, q1, x, y], qvel: [3, -4, 0, 0] }])
    const tip = [0.1 * Math.cos(q0) + 0.11 * Math.cos(q0 + q1), 0.1 * Math.sin(q0) + 0.11 * Math.sin(q0 + q1)]
    const expected = [Math.cos(q0), Math.cos(q1), Math.sin(q0), Math.sin(q1), x, y, 3, -4, tip[0] - x, tip[1] - y, 0]
    for (const [i, value] of expected.entries()) expect(observations[i]).toBeCloseTo(value, 12)
  })

  test('the reward is the distance observed before the step', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const episodes = environment.reset(rngs(1))
    episodes.step([0], [1, -1])
    const [x, y, z] = episodes.observations.subarray(8)
    const { terms } = episodes.step([0], [0.5, 0.5])
    expect(terms.distance[0]).toBe(-Math.sqrt(x * x + y * y + z * z))
    expect(terms.control[0]).toBe(-0.5)
  })

  test('an episode is truncated after 50 steps and never terminated', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const episodes = environment.reset(rngs(2))
    for (let t = 1; t <= 50; t++) {
      expect(episodes.running).toEqual([0, 1])
      const { terminated, truncated } = episodes.step([0, 1], [1, 1, -1, -1])
      expect([...terminated]).toEqual([0, 0])
      expect([...truncated]).toEqual(t === 50 ? [1, 1] : [0, 0])
    }
    expect(episodes.running).toEqual([])
  })
})

describe('hopper', () => {
  test('starts lie within their ranges', async () => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    const starts = rows(environment.reset(rngs(2000)).observations, 11)
    for (let i = 0; i < 11; i++) {
      const offsets = starts.map((o) => o[i] - (i === 0 ? 1.25 : 0))
      expect(Math.max(...offsets)).toBeLessThanOrEqual(0.005)
      expect(Math.max(...offsets)).toBeGreaterThan(0.0049)
      expect(Math.min(...offsets)).toBeGreaterThanOrEqual(-0.005000001)
      expect(Math.min(...offsets)).toBeLessThan(-0.0049)
    }
  })

  test('a fall terminates its episode, with the reward for being alive, and no other episode', async () => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    const leaning = { qpos: [0, 1.25, 0.19, 0, 0, 0], qvel: [0, 0, 3, 0, 0, 0] }
    const upright = { qpos: [0, 1.25, 0, 0, 0, 0], qvel: [0, 0, 0, 0, 0, 0] }
    const episodes = environment.resetTo([upright, leaning])
    const { terminated, truncated, terms } = episodes.step([0, 1], [0, 0, 0, 0, 0, 0])
    expect([...terminated]).toEqual([0, 1])
    expect([...truncated]).toEqual([0, 0])
    expect([...terms.alive]).toEqual([1, 1])
    expect(episodes.running).toEqual([0])
  })

  test.each([
    ['low', { qpos: [0, 0.7, 0, -1.57, 0, 0], qvel: [0, -1, 0, 0, 0, 0] }],
    ['bent backward', { qpos: [0, 1.25, -0.2, 0, 0, 0], qvel: [0, 0, -1, 0, 0, 0] }],
    ['too fast', { qpos: [0, 5, 0, 0, 0, 0], qvel: [150, 0, 0, 0, 0, 0] }],
    ['too far bent', { qpos: [0, 5, 0, 0, 0, 500], qvel: [0, 0, 0, 0, 0, 0] }]
  ])('a hopper that is %s has fallen', async (_, start) => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    expect(environment.resetTo([start]).step([0], [0, 0, 0]).terminated[0]).toBe(1)
  })

  test('observations hold velocities clipped to 10', async () => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    const { observations } = environment.resetTo([{ qpos: [7, 5, 0, 0, 0, 0], qvel: [11, -11, 9, 0, 0, 50] }])
    expect([...observations]).toEqual([5, 0, 0, 0, 0, 10, -10, 9, 0, 0, 10])
  })

  test('an episode is truncated after 1000 steps', async () => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    const episodes = environment.resetTo([{ qpos: [0, 1.19, 0.016, -0.17, 0, 0.18], qvel: [0, 0, 0, 0, 0, 0] }])
    for (let t = 1; t < 1000; t++) {
      const { terminated, truncated } = episodes.step([0], stand(episodes.observations))
      expect(terminated[0] + truncated[0]).toBe(0)
    }
    const { terminated, truncated } = episodes.step([0], stand(episodes.observations))
    expect([terminated[0], truncated[0]]).toEqual([0, 1])
    expect(episodes.running).toEqual([])
  })
})

test('the error for an unknown environment or unknown masses lists the known ones', async () => {
  await expect(loadEnvironment('walker' as EnvironmentName, { masses: 'legacy' })).rejects.toThrow(
    "there is no environment 'walker': choose one of reacher, hopper"
  )
  await expect(loadEnvironment('hopper', { masses: 'heavy' as Masses })).rejects.toThrow(
    "there is no masses 'heavy': choose one of legacy, current"
  )
})

describe('the pose of an episode', () => {
  const width = 4
  const distance = ([x0, y0, x1, y1]: Iterable<number>) => Math.hypot(x1 - x0, y1 - y0)

  test('Reacher’s links follow its angles, and its target is where it was put', async () => {
    const { shapes, ground, resetTo } = await loadEnvironment('reacher', { masses: 'legacy' })
    expect(shapes.map(({ name, radius }) => [name, radius])).toEqual([
      ['body0', 0.01],
      ['body1', 0.01],
      ['fingertip', 0.01],
      ['target', 0.009]
    ])
    expect(ground).toBeUndefined()
    const [q0, q1] = [0.7, 1.1]
    const pose = resetTo([{ qpos: [q0, q1, 0.13, -0.08], qvel: [0, 0, 0, 0] }]).pose(0)
    const elbow = [0.1 * Math.cos(q0), 0.1 * Math.sin(q0)]
    const along = (length: number) => [elbow[0] + length * Math.cos(q0 + q1), elbow[1] + length * Math.sin(q0 + q1)]
    const expected = [0, 0, ...elbow, ...elbow, ...along(0.1), ...along(0.11), ...along(0.11), 0.13, -0.08, 0.13, -0.08]
    expect(pose).toHaveLength(expected.length)
    // MuJoCo may take a capsule's ends in either order
    for (let s = 0; s < shapes.length; s++) {
      const ends = [...pose.subarray(width * s, width * s + width)]
      const wanted = expected.slice(width * s, width * s + width)
      const turned = [...wanted.slice(2), ...wanted.slice(0, 2)]
      const off = (other: number[]) => Math.max(...ends.map((value, i) => Math.abs(value - other[i])))
      expect(Math.min(off(wanted), off(turned))).toBeLessThan(1e-9)
    }
  })

  const parts = ['thigh', 'leg', 'foot']
  const [back, front] = ['b', 'f'].map((side) => ['thigh', 'shin', 'foot'].map((part) => side + part))
  test.each<[EnvironmentName, string[], number[], number]>([
    ['hopper', ['torso', ...parts], [0.4, 0.45, 0.5, 0.39], 0],
    ['walker2d', ['torso', ...parts, ...parts.map((part) => `${part}_left`)], [0.4, 0.45, 0.5, 0.2, 0.45, 0.5, 0.2], 0],
    [
      'halfcheetah',
      ['torso', 'head', ...back, ...front],
      [1, 0.3, 0.29, 0.3, 0.188, 0.266, 0.212, 0.14],
      // its observed height is from where it starts
      0.7
    ]
  ])(
    'the limbs of %s keep their lengths, and its torso is at its observed height',
    async (name, names, lengths, rest) => {
      const environment = await loadEnvironment(name, { masses: 'legacy' })
      expect(environment.ground).toBe(0)
      expect(environment.shapes.map(({ name }) => name)).toEqual(names)
      const episodes = environment.reset(rngs(1))
      const actions = Array.from({ length: environment.actionSize }, (_, i) => [0.3, -0.2, 0.1][i % 3])
      for (let t = 0; t < 30 && episodes.running.length > 0; t++) {
        const pose = episodes.pose(0)
        lengths.forEach((length, s) => {
          expect(distance(pose.subarray(width * s, width * s + width))).toBeCloseTo(length, 9)
        })
        expect((pose[1] + pose[3]) / 2).toBeCloseTo(rest + episodes.observations[0], 3)
        episodes.step([0], actions)
      }
    }
  )

  test('reading a pose changes nothing, and an ended episode has one', async () => {
    for (const name of environments) {
      const environment = await loadEnvironment(name, { masses: 'legacy' })
      const [looked, left] = [environment.reset(rngs(2)), environment.reset(rngs(2))]
      while (looked.running.length > 0) {
        looked.pose(1)
        looked.pose(0)
        const actions = looked.running.flatMap(() => Array.from({ length: environment.actionSize }, () => 0.4))
        expect(looked.step(looked.running, actions)).toEqual(left.step(left.running, actions))
        expect(looked.observations).toEqual(left.observations)
      }
      expect(looked.pose(0).every(Number.isFinite)).toBe(true)
      expect(() => looked.pose(2)).toThrow(/there is no episode 2 among 2: name one of them/)
    }
  })
})

describe('a world that MuJoCo finds unstable and would reset to a start of its own', () => {
  const nine = (value: number) => new Array<number>(9).fill(value)
  const wild = {
    hopper: { qpos: [5, 1.25, 0, -1, -1, 0], qvel: [0, 0, 1e6, 0, 0, 0] },
    reacher: { qpos: [0, 0, 0.1, 0.1], qvel: [1e8, -1e8, 0, 0] },
    halfcheetah: { qpos: nine(0), qvel: [0, 0, 1e9, 0, 0, 0, 0, 0, 0] },
    walker2d: { qpos: [5, 1.25, 0, -1, -1, 0, 0, 0, 0], qvel: [0, 0, 1e6, 0, 0, 0, 0, 0, 0] }
  }
  const calm = {
    hopper: { qpos: [0, 1.25, 0, 0, 0, 0], qvel: [0, 0, 0, 0, 0, 0] },
    reacher: { qpos: [0, 0, 0.1, 0.1], qvel: [0, 0, 0, 0] },
    halfcheetah: { qpos: nine(0), qvel: nine(0) },
    walker2d: { qpos: [0, 1.25, 0, 0, 0, 0, 0, 0, 0], qvel: nine(0) }
  }

  test.each(environments)('%s refuses it with the episode, the step and the state', async (name) => {
    const environment = await loadEnvironment(name, { masses: 'legacy' })
    const episodes = environment.resetTo([calm[name], wild[name]])
    const still = Array(environment.actionSize).fill(0)
    const state = [...wild[name].qpos, ...wild[name].qvel].join()
    expect(() => episodes.step([1], still)).toThrow(
      `${name}: episode 1 became unstable at its step 0, from state ${state}`
    )
    // another episode goes on as if alone
    const alone = environment.resetTo([calm[name]])
    for (let t = 0; t < 5; t++) expect(episodes.step([0], still).rewards).toEqual(alone.step([0], still).rewards)
  })

  test('a task of one’s own refuses it too', async () => {
    const simulator =
      await simulate(`<mujoco><worldbody><body><joint name="x" type="hinge"/><geom size=".1" pos=".1 0 0"/></body>
      </worldbody><actuator><motor joint="x"/></actuator></mujoco>`)
    const spin: Task = {
      ...{ name: 'spin', observationSize: 2, actionSize: 1, horizon: 9, plane: [0, 2], terms: ['none'] },
      draw: () => ({ qpos: [0], qvel: [1e200] }),
      observe: ({ world }, shown) => shown.set([...world.qpos, ...world.qvel]),
      step(simulator, shown) {
        simulator.advance(3)
        spin.observe(simulator, shown)
        return { terms: [0], terminated: false }
      }
    }
    expect(() => makeEnvironment(spin, simulator).reset(rngs(1)).step([0], [0])).toThrow(
      'spin: episode 0 became unstable at its step 0, from state 0,1e+200'
    )
  })
})
