import { describe, expect, test } from 'vitest'
import { loadEnvironment, paperEnvironments, rollout } from '../lib/environments'
import { loadExpert } from '../lib/files/experts'
import { createNetwork, networkOf, perceptron } from '../lib/networks'
import { above, anyOf, type Critic, expertWhenQueried, type QueryStrategy } from '../lib/strategies'
import { noCritic } from '../lib/strategies/strategy'
import { traceEpisode } from '../lib/trace'
import { generator } from '../lib/util/random'

const starts = {
  reacher: { qpos: [0.05, -0.05, 0.1, -0.1], qvel: [0, 0, 0, 0] },
  hopper: { qpos: [0, 1.25, 0, 0, 0, 0], qvel: [0, 0, 0, 0, 0, 0] }
}

describe('a trace of an episode', () => {
  test.each(paperEnvironments)(
    'a trace on %s goes from the first state to the last, as a rollout does',
    async (name) => {
      const environment = await loadEnvironment(name, { masses: 'legacy' })
      const expert = await networkOf(await loadExpert(name))
      const trace = await traceEpisode('expert', environment, environment.resetTo([starts[name]]), expert)
      const { returns, lengths } = await rollout(environment, environment.resetTo([starts[name]]), (states) =>
        expert.predict(states, 1)
      )
      expect(trace.return).toBe(returns[0])
      expect(trace.poses).toHaveLength(lengths[0] + 1)
      expect(trace.queries).toEqual([])
      expect(trace.poses[0]).toEqual(environment.resetTo([starts[name]]).pose(0))
      expect(trace.poses.at(-1)).not.toEqual(trace.poses.at(-2))
      expect(trace.shapes).toBe(environment.shapes)
    }
  )

  test('a trace keeps each pose of an environment that gives all in one array', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const expert = await networkOf(await loadExpert('reacher'))
    const begin = () => environment.resetTo([starts.reacher])
    const [episodes, pose] = [begin(), new Float64Array(begin().pose(0).length)]
    const reusing = Object.assign(Object.create(episodes) as typeof episodes, {
      pose(episode: number) {
        pose.set(episodes.pose(episode))
        return pose
      }
    })
    const { poses } = await traceEpisode('expert', environment, reusing, expert)
    expect(poses).toEqual((await traceEpisode('expert', environment, begin(), expert)).poses)
  })

  test('a trace has the reasons to query before each step', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const policy = await createNetwork(perceptron(11, [8], 2, { dropout: 0 }), generator(1, 'weights'))
    const visited: number[][] = []
    const strategy: QueryStrategy = {
      title: 'scripted',
      control: expertWhenQueried,
      rule: anyOf(above('cosine', 0.9), above('torque', 0))
    }
    // the cosine of the first angle, and the first torque proposed
    const critic: Critic = {
      ...noCritic,
      score(states, actions) {
        visited.push([states[0], actions[0]])
        return { cosine: () => states.slice(0, 1), torque: () => actions.slice(0, 1) }
      }
    }
    const start = environment.resetTo([starts.reacher])
    const trace = await traceEpisode('learner', environment, start, policy, { strategy, critic })
    expect(trace.queries).toEqual(
      visited.map(([cosine, torque]) => [...(cosine > 0.9 ? ['cosine'] : []), ...(torque > 0 ? ['torque'] : [])])
    )
    expect(trace.queries).toHaveLength(50)
    expect(new Set(trace.queries.map(String)).size).toBeGreaterThan(1)
  })

  test('a trace is rejected with the signal’s reason when it is aborted', async () => {
    const environment = await loadEnvironment('hopper', { masses: 'legacy' })
    const expert = await networkOf(await loadExpert('hopper'))
    const stop = new AbortController()
    setTimeout(() => stop.abort(new Error('enough')), 1)
    const episode = environment.resetTo([starts.hopper])
    await expect(traceEpisode('expert', environment, episode, expert, undefined, stop.signal)).rejects.toThrow('enough')
  })

  test('a trace of several episodes at once is an error', async () => {
    const environment = await loadEnvironment('reacher', { masses: 'legacy' })
    const expert = await networkOf(await loadExpert('reacher'))
    const two = environment.resetTo([starts.reacher, starts.reacher])
    await expect(traceEpisode('expert', environment, two, expert)).rejects.toThrow(
      'a trace is of one episode: 2 are running'
    )
  })
})
