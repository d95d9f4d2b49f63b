import { describe, expect, test } from 'vitest'
import { environments, loadEnvironment } from '../../lib/environments'
import { film } from '../../lib/experiments/film'
import { rollout } from '../../lib/experiments/rollout'
import { loadExpert } from '../../lib/files/experts'
import { createNetwork, networkOf, perceptron } from '../../lib/networks'
import { generator } from '../../lib/random'
import { above, anyOf, type Judge, nobody, type QueryStrategy } from '../../lib/strategies'

const starts = {
  reacher: { qpos: [0.05, -0.05, 0.1, -0.1], qvel: [0, 0, 0, 0] },
  hopper: { qpos: [0, 1.25, 0, 0, 0, 0], qvel: [0, 0, 0, 0, 0, 0] }
}

describe.each(environments)('%s', (name) => {
  test('is filmed from its first state to its last, and goes as it goes unwatched', async () => {
    const environment = await loadEnvironment(name, { masses: 'legacy' })
    const expert = await networkOf(await loadExpert(name))
    const shot = await film('expert', environment, environment.resetTo([starts[name]]), expert)
    const { returns, lengths } = await rollout(environment, environment.resetTo([starts[name]]), (states) =>
      expert.predict(states, 1)
    )
    expect(shot.return).toBe(returns[0])
    expect(shot.places).toHaveLength(lengths[0] + 1)
    expect(shot.asked).toEqual([])
    expect(shot.places[0]).toEqual(environment.resetTo([starts[name]]).place(0))
    expect(shot.places.at(-1)).not.toEqual(shot.places.at(-2))
    expect(shot.shapes).toBe(environment.shapes)
  })
})

test('the reasons to ask are told for each step', async () => {
  const environment = await loadEnvironment('reacher', { masses: 'legacy' })
  const policy = await createNetwork(perceptron(11, [8], 2, { dropout: 0 }), generator(1, 'weights'))
  const met: number[][] = []
  const strategy: QueryStrategy = {
    title: 'scripted',
    actor: 'expert-when-asked',
    asks: anyOf(above('cosine', 0.9), above('torque', 0))
  }
  // scores what it is shown: the cosine of the first angle, and the first torque proposed
  const critic: Judge = {
    ...nobody,
    scores(states, proposals) {
      met.push([states[0], proposals[0]])
      return { cosine: states.slice(0, 1), torque: proposals.slice(0, 1) }
    }
  }
  const start = environment.resetTo([starts.reacher])
  const shot = await film('learner', environment, start, policy, { strategy, critic })
  expect(shot.asked).toEqual(
    met.map(([cosine, torque]) => [...(cosine > 0.9 ? ['cosine'] : []), ...(torque > 0 ? ['torque'] : [])])
  )
  expect(shot.asked).toHaveLength(50)
  expect(new Set(shot.asked.map(String)).size).toBeGreaterThan(1)
})

test('ends when aborted', async () => {
  const environment = await loadEnvironment('hopper', { masses: 'legacy' })
  const expert = await networkOf(await loadExpert('hopper'))
  const stop = new AbortController()
  setTimeout(() => stop.abort(new Error('enough')), 1)
  const episode = environment.resetTo([starts.hopper])
  await expect(film('expert', environment, episode, expert, undefined, stop.signal)).rejects.toThrow('enough')
})

test('several episodes at once are an error', async () => {
  const environment = await loadEnvironment('reacher', { masses: 'legacy' })
  const expert = await networkOf(await loadExpert('reacher'))
  const two = environment.resetTo([starts.reacher, starts.reacher])
  await expect(film('expert', environment, two, expert)).rejects.toThrow('a film is of one episode: 2 are running')
})
