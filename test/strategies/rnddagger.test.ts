import { describe, expect, test } from 'vitest'
import type { Environment } from '../../lib/environments'
import { distillationCritic } from '../../lib/strategies'
import { column } from '../../lib/strategies/scores'
import { drawn, experience, gradientNormAt, handOut, linear, smooth, training } from './small'

const task = { observationSize: 2, actionSize: 1 } as Environment
const none = new Float32Array()
const policy = await linear([[0], [0]], [0])

describe('random network distillation', () => {
  test('`distillationError` is the squared distance between the outputs of the two networks', async () => {
    const [target, predictor] = [
      await linear(
        [
          [1, 0],
          [0, 1]
        ],
        [0, 0]
      ),
      await linear(
        [
          [1, 0],
          [0, 3]
        ],
        [1, 0]
      )
    ]
    const critic = await distillationCritic.create(task, handOut(target, predictor))
    // the difference is (1, 2y)
    expect([...column(critic.score(Float32Array.of(5, 0, 5, 2), none, 2), 'distillationError')]).toEqual([1, 17])
  })

  test('`distillationGradient` agrees with finite differences', async () => {
    const critic = await distillationCritic.create(task, handOut(await smooth(2, 3, 1), await smooth(2, 3, 2)))
    const states = drawn(2 * 5, 'states')
    const gradient = column(critic.score(states, none, 5), 'distillationGradient')
    for (let row = 0; row < 5; row++) {
      const expected = gradientNormAt(
        (point) => column(critic.score(point, none, 1), 'distillationError')[0],
        states.slice(2 * row, 2 * row + 2)
      )
      expect(expected).toBeGreaterThan(0.02)
      expect(Math.abs(gradient[row] / expected - 1), `row ${row}`).toBeLessThan(5e-3)
    }
  })

  test('training leaves the random network as it is, and the error falls in labelled states more than in others', async () => {
    const [target, predictor] = [await smooth(2, 3, 1), await smooth(2, 3, 2)]
    const critic = await distillationCritic.create(task, handOut(target, predictor))
    const [labelled, others] = [drawn(2 * 60, 'labelled'), drawn(2 * 60, 'others').map((x) => x + 4)]
    const error = (states: Float32Array) =>
      column(critic.score(states, none, 60), 'distillationError').reduce((sum, e) => sum + e, 0) / 60
    const [before, far] = [error(labelled), error(others)]
    const untouched = target.predict(labelled, 60)
    const examples = { observations: labelled, expertActions: new Float32Array(60) }
    expect(await critic.fit(experience(policy, examples), training(60))).toEqual([])
    expect(target.predict(labelled, 60)).toEqual(untouched)
    expect(error(labelled)).toBeLessThan(before / 4)
    expect(error(others) / far).toBeGreaterThan((2 * error(labelled)) / before)
  })
})
