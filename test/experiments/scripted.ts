/** An environment, an expert and a learner whose every move is known. */
import type { Environment, Episodes } from '../../lib/environments'
import type { Network } from '../../lib/networks'
import type { Rng } from '../../lib/random'

/** What was done in one step of one episode. */
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
      place: () => new Float64Array(0)
    }
  }
  const reset = (rngs: readonly Rng[]): Episodes => {
    if (rngs.length !== lengths.length) throw new Error(`${rngs.length} generators for ${lengths.length} episodes`)
    return begin()
  }
  return {
    environment: {
      ...{ name: 'scripted', observationSize: 2, actionSize: 1, horizon: 99, shapes: [], ground: undefined },
      reset,
      resetTo: begin
    },
    moves
  }
}

/** A policy that is a function of [episode, step]; it writes down the states that it was asked about. */
export function scriptedNetwork(action: (episode: number, step: number) => number): Network & { asked: number[][] } {
  const asked: number[][] = []
  const unused = (): never => {
    throw new Error('not scripted')
  }
  return {
    asked,
    engine: 'fused',
    topology: { class_name: 'Sequential', config: { name: 'scripted', layers: [] } },
    inputs: 2,
    outputs: 1,
    predict(inputs, rows) {
      return Float32Array.from({ length: rows }, (_, row) => {
        const [episode, step] = inputs.subarray(2 * row, 2 * row + 2)
        asked.push([episode, step])
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
