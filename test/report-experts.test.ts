/** The rank correlation that the results page states, against cases worked out by hand. */
import { expect, test } from 'vitest'
import { rankCorrelation } from '../tools/report/experts.ts'

test.each([
  ['the same order', [1, 2, 3], [10, 20, 40], 1],
  ['the opposite order', [1, 2, 3], [3, 2, 1], -1],
  ['one pair of three in the other order', [1, 2, 3], [1, 3, 2], 1 / 3],
  ['two pairs of six in the other order', [1, 2, 3, 4], [2, 1, 4, 3], 1 / 3]
])('Kendall’s τ of %s', (_, a, b, tau) => {
  expect(rankCorrelation(a, b)).toBeCloseTo(tau, 12)
})
