/** Episodes under the exploring policy, and how much better than expected each of their actions was. */
import { type Environment, generator, type Network, type Rng } from 'radgrad'
import { normal } from 'radgrad/dist/internal.js'

/** One episode; observations and actions row by row, one row a step. */
export interface Episode {
  readonly observations: number[]
  readonly actions: number[]
  readonly rewards: number[]
  /** The observation after the last step, where the horizon cut the episode off; undefined where the task ended it. */
  end: readonly number[] | undefined
}

/** Maps raw observations to what the networks take. */
export type Normalize = (observations: ArrayLike<number>) => Float32Array

/** Key of an iteration's random streams. */
export interface Draw {
  readonly seed: number
  readonly iteration: number
}

/**
 * Samples episodes in lockstep: the policy's mean action, and Gaussian noise of its own stream for each episode.
 *
 * @param deviations standard deviation of the noise on each entry of an action
 */
export function sample(
  environment: Environment,
  policy: Pick<Network, 'predict'>,
  normalize: Normalize,
  deviations: readonly number[],
  count: number,
  { seed, iteration }: Draw
): Episode[] {
  const { observationSize: m, actionSize: n } = environment
  const generators = (purpose: string): Rng[] =>
    Array.from({ length: count }, (_, e) => generator(seed, purpose, iteration, e))
  const noise = generators('noise')
  const running = environment.reset(generators('start'))
  const episodes = Array.from(
    { length: count },
    (): Episode => ({ observations: [], actions: [], rewards: [], end: undefined })
  )
  const shown = (e: number) => running.observations.subarray(e * m, (e + 1) * m)
  while (running.running.length > 0) {
    const rows = running.running
    const seen = new Float32Array(rows.length * m)
    rows.forEach((e, row) => {
      seen.set(shown(e), row * m)
    })
    const actions = policy.predict(normalize(seen), rows.length)
    rows.forEach((e, row) => {
      for (let i = 0; i < n; i++) actions[row * n + i] += deviations[i] * normal(noise[e])
    })
    const { rewards, terminated } = running.step(rows, actions)
    const ended = new Set(rows)
    for (const e of running.running) ended.delete(e)
    rows.forEach((e, row) => {
      const episode = episodes[e]
      for (let i = 0; i < m; i++) episode.observations.push(seen[row * m + i])
      for (let i = 0; i < n; i++) episode.actions.push(actions[row * n + i])
      episode.rewards.push(rewards[row])
      if (ended.has(e) && !terminated[row]) episode.end = [...shown(e)]
    })
  }
  return episodes
}

/** One number a step, all episodes one behind the other. */
export interface Estimate {
  /** Generalized advantage estimates. */
  readonly advantages: Float64Array
  /** Returns from each step on, as the critic shall learn them. */
  readonly targets: Float64Array
}

/**
 * Estimates advantages (generalized advantage estimation). An episode that was cut off goes on in the critic's value.
 *
 * @param values the critic's value of raw observations, one a row
 */
export function estimate(
  episodes: readonly Episode[],
  values: (observations: readonly number[], rows: number) => ArrayLike<number>,
  { discount, lambda }: { discount: number; lambda: number }
): Estimate {
  const rows = episodes.reduce((sum, { rewards }) => sum + rewards.length, 0)
  const advantages = new Float64Array(rows)
  const targets = new Float64Array(rows)
  let from = 0
  for (const { observations, rewards, end } of episodes) {
    const value = values(observations, rewards.length)
    let next = end ? values(end, 1)[0] : 0
    let advantage = 0
    for (let t = rewards.length - 1; t >= 0; t--) {
      advantage = rewards[t] + discount * next - value[t] + discount * lambda * advantage
      advantages[from + t] = advantage
      targets[from + t] = advantage + value[t]
      next = value[t]
    }
    from += rewards.length
  }
  return { advantages, targets }
}
