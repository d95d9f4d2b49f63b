import { expect, test } from 'vitest'
import { loadEnvironment } from '../../lib/environments'
import type { Policy } from '../../lib/networks'
import { generator, normal } from '../../lib/util/random'
import { unexplainedVariance } from '../../tools/studies/experts/unexplained-variance.ts'
import { shortProtocol } from '../short-run'

const environment = await loadEnvironment('reacher', { masses: 'legacy' })
const protocol = shortProtocol('supervised', { episodes: 6 })

/** An expert of Reacher whose every action is that of a state, [11]. */
const expert = (action: (state: Float32Array) => [number, number]): Policy => ({
  inputs: 11,
  outputs: 2,
  predict: (states, rows) =>
    Float32Array.from(
      Array.from({ length: rows }, (_, row) => action(states.subarray(row * 11, (row + 1) * 11))).flat()
    )
})

test('`unexplainedVariance` is near 0 for an expert whose actions are a simple function of the state', async () => {
  const simple = expert((state) => [state[0] - state[1], state[2]])
  expect(await unexplainedVariance(environment, simple, protocol)).toBeLessThan(0.15)
})

test('`unexplainedVariance` is near 1 for an expert whose actions the state does not tell', async () => {
  const rng = generator(1, 'noise')
  const unexplained = await unexplainedVariance(
    environment,
    expert(() => [normal(rng), normal(rng)]),
    protocol
  )
  expect(unexplained).toBeGreaterThan(0.9)
  expect(unexplained).toBeLessThan(1.5)
})
