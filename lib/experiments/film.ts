import type { Environment, Episodes, Shape } from '../environments'
import type { Policy } from '../networks'
import { generator } from '../random'
import { type Judge, nobody, type QueryStrategy } from '../strategies'
import { consult } from './consult'
import { rollout } from './rollout'

/** An episode that can be watched. */
export interface Film {
  readonly title: string
  readonly shapes: readonly Shape[]
  /** m; undefined where there is no ground. */
  readonly ground: number | undefined
  /** Where the shapes are before each step and after the last: [shapes, 4] each, as `Episodes.place` gives them. */
  readonly places: readonly Float64Array[]
  /** For what the expert was, or would have been, asked before each step: none of these, where it was not. */
  readonly asked: readonly (readonly string[])[]
  /** Sum of rewards. */
  readonly return: number
}

/** By which strategy the expert is asked, and by what it judges. */
export interface Asking {
  readonly strategy: QueryStrategy
  readonly critic?: Judge | undefined
}

/**
 * Films an episode in which the policy acts throughout, so that all that differs between two films from one start is the policy. With a
 * strategy, the steps are marked in which its rule would ask the expert; one that is to be calibrated must have been.
 *
 * @param episode one that was just begun: `environment.reset([generator(1)])` begins the same one each time
 * @throws RangeError for several episodes at once; the signal's reason when aborted
 */
export async function film(
  title: string,
  environment: Environment,
  episode: Episodes,
  policy: Policy,
  asking?: Asking,
  signal?: AbortSignal
): Promise<Film> {
  if (episode.running.length !== 1)
    throw new RangeError(`a film is of one episode: ${episode.running.length} are running`)
  const rngs = [generator(0, 'film', environment.name)]
  const places: Float64Array[] = []
  const asked: string[][] = []
  const act = (observations: Float32Array) => {
    places.push(episode.place(0))
    if (!asking) return policy.predict(observations, 1)
    const { proposals, reasons } = consult(asking.strategy, policy, asking.critic ?? nobody, observations, rngs)
    asked.push(asking.strategy.asks.reasons.filter((_, bit) => reasons[0] & (1 << bit)))
    return proposals
  }
  const { returns } = await rollout(environment, episode, act, signal)
  places.push(episode.place(0))
  const { shapes, ground } = environment
  return { title, shapes, ground, places, asked, return: returns[0] }
}
