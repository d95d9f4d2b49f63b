import { optional } from 'valibot'
import { checksIn, criticSchema, environmentSchema, namedStrategy, policySchema, strategySchema } from './check'
import { type Environment, type Episodes, rollout } from './environments'
import type { Policy } from './networks'
import { type Critic, noCritic, type QueryStrategy } from './strategies/strategy'
import { generator } from './util/random'
import { check, func, listOf, object, part, wholeNumber } from './util/schema'

/** An episode that `playEpisodes` can show. */
export interface EpisodeTrace extends Pick<Environment, 'shapes' | 'ground'> {
  readonly title: string
  /** The shapes before each step and after the last: [shapes, 4] each, as `Episodes.pose` gives them. */
  readonly poses: readonly Float64Array[]
  /** Reasons for querying before each step; empty if there is no query. */
  readonly queries: readonly (readonly string[])[]
  /** Sum of rewards. */
  readonly return: number
}

const episodeSchema = part({ running: listOf(wholeNumber), step: func, pose: func })
const querying = optional(object({ strategy: strategySchema, critic: optional(criticSchema) }))
const schema = object({ environment: environmentSchema, episode: episodeSchema, policy: policySchema, querying })

/**
 * Traces an episode in which the policy acts throughout, so that two traces from one start differ by the policy alone. With a
 * strategy, steps are marked in which its rule would query; a rule to be calibrated must have been.
 *
 * @param episode one that was just begun: `environment.reset([generator(1)])` begins the same one each time
 * @throws RangeError for several episodes at once; the signal's reason when aborted
 */
export async function traceEpisode(
  title: string,
  environment: Environment,
  episode: Episodes,
  policy: Policy,
  querying?: { readonly strategy: QueryStrategy; readonly critic?: Critic },
  signal?: AbortSignal
): Promise<EpisodeTrace> {
  check(schema, 'trace', { environment, episode, policy, querying })
  if (episode.running.length !== 1)
    throw new RangeError(`a trace is of one episode: ${episode.running.length} are running`)
  const rngs = [generator(0, 'film', environment.name)]
  const poses: Float64Array[] = []
  const queries: string[][] = []
  const memories = [{}]
  const { critic = noCritic } = querying ?? {}
  const named = querying && namedStrategy(querying.strategy, critic, signal)
  const actor = (states: Float32Array) => {
    poses.push(episode.pose(0).slice())
    const here = checksIn([0], [poses.length - 1])
    const actions = here.numbers("the policy's action", policy.predict(states.slice(), 1), environment.actionSize)
    if (named) {
      const { rule, score, query } = named
      const scores = here.scores(score(states.slice(), actions.slice(), 1))
      const seen = { rows: 1, states: states.slice(), learnerActions: actions.slice(), episodes: [0], labels: 0 }
      const masks = here.masks(rule, query(scores, rngs, { ...seen, memories, critic }))
      queries.push(rule.reasons.filter((_, i) => masks[i][0]))
    }
    return actions
  }
  const { returns } = await rollout(environment, episode, actor, signal)
  poses.push(episode.pose(0).slice())
  const { shapes, ground } = environment
  return { title, shapes, ground, poses, queries, return: returns[0] }
}
