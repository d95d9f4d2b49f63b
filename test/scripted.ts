/** An environment, an expert and a learner whose every move is known. */
import { expect } from 'vitest'
import { collect } from '../lib/collect'
import type { Environment, Episodes } from '../lib/environments'
import type { Network } from '../lib/networks'
import { type Critic, memoizeColumns, type QueryStrategy } from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import type { Rng } from '../lib/util/random'

/** The action of one step of one episode. */
export interface Move {
  readonly episode: number
  readonly step: number
  readonly action: number
}

/**
 * Episode e shows [e, step] and ends after `lengths[e]` steps; the reward is the action. Every move is written down.
 */
export function scriptedEnvironment(lengths: readonly number[]): { environment: Environment; moves: Move[] } {
  const moves: Move[] = []
  const begin = (): Episodes => {
    const observations = Float64Array.from(lengths.flatMap((_, e) => [e, 0]))
    let running: readonly number[] = lengths.map((_, e) => e)
    return {
      observations,
      get running() {
        return running
      },
      step(episodes, actions) {
        episodes.forEach((e, row) => {
          moves.push({ episode: e, step: observations[2 * e + 1], action: actions[row] })
          observations[2 * e + 1] += 1
        })
        running = running.filter((e) => observations[2 * e + 1] < lengths[e])
        const ended = Uint8Array.from(episodes, (e) => Number(!running.includes(e)))
        return { rewards: Float64Array.from(actions), terms: {}, terminated: ended, truncated: ended.map(() => 0) }
      },
      pose: () => new Float64Array(0)
    }
  }
  const reset = (rngs: readonly Rng[]): Episodes => {
    if (rngs.length !== lengths.length) throw new Error(`${rngs.length} generators for ${lengths.length} episodes`)
    return begin()
  }
  return {
    environment: {
      ...{
        name: 'scripted',
        observationSize: 2,
        actionSize: 1,
        horizon: Math.max(...lengths),
        shapes: [],
        ground: undefined
      },
      reset,
      resetTo: begin
    },
    moves
  }
}

/** A policy that is a function of [episode, step]; it writes down the states that it was queried in. */
export function scriptedNetwork(action: (episode: number, step: number) => number): Network & { queried: number[][] } {
  const queried: number[][] = []
  const unused = (): never => {
    throw new Error('not scripted')
  }
  return {
    queried,
    engine: 'fused',
    topology: { class_name: 'Sequential', config: { name: 'scripted', layers: [] } },
    inputs: 2,
    outputs: 1,
    predict(inputs, rows) {
      return Float32Array.from({ length: rows }, (_, row) => {
        const [episode, step] = inputs.subarray(2 * row, 2 * row + 2)
        queried.push([episode, step])
        return action(episode, step)
      })
    },
    inputGradients: unused,
    weightGradients: unused,
    weights: unused,
    setWeights: unused,
    initialize: unused,
    train: unused,
    dispose() {}
  }
}

/** Steps of each episode of `collectScripted`. */
export const lengths = [13, 25, 1, 14]
/** Steps in all. */
export const steps = 53
export const expertAction = (episode: number, step: number) => 100 + 50 * episode + step
export const learnerAction = (episode: number, step: number) => -(1 + 50 * episode + step)

/** Scores a state by its step, and by its episode; checks that it is given the learner's actions. */
export const stepCritic: Critic = {
  ...noCritic,
  score: (states, actions, rows) => {
    const entry = (i: number) => () =>
      Float32Array.from({ length: rows }, (_, row) => {
        expect(actions[row]).toBe(learnerAction(states[2 * row], states[2 * row + 1]))
        return states[2 * row + i]
      })
    return memoizeColumns({ episode: entry(0), step: entry(1) })
  }
}

/** Collects a batch of the scripted episodes. */
export async function collectScripted(strategy: QueryStrategy, key: [number, number] = [1, 1], critic = stepCritic) {
  const { environment, moves } = scriptedEnvironment(lengths)
  const [expert, policy] = [scriptedNetwork(expertAction), scriptedNetwork(learnerAction)]
  const batch = await collect({ environment, policy, expert, strategy, critic }, lengths.length, key)
  const { rows, observations, expertActions } = batch.labelled
  const labels = Array.from({ length: rows }, (_, row) => ({
    state: [observations[2 * row], observations[2 * row + 1]],
    action: expertActions[row]
  }))
  return { ...batch, moves, labels, queried: expert.queried }
}

/** Returns the actions of each episode, in the order of its steps. */
export const byEpisode = (moves: readonly Move[]) =>
  lengths.map((_, e) => moves.filter(({ episode }) => episode === e).map(({ action }) => action))

/** Returns the actions of each episode when the expert acts in the given steps and the learner in the others. */
export const acting = (expertActs: (episode: number, step: number) => boolean) =>
  lengths.map((length, e) =>
    Array.from({ length }, (_, step) => (expertActs(e, step) ? expertAction : learnerAction)(e, step))
  )
