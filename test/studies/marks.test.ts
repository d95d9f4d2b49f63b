import { expect, test } from 'vitest'
import { largestErrors, riskyStates } from '../../tools/studies/beyond/marks.ts'

test('the largest errors are those above the 80 % quantile', () => {
  expect([...largestErrors([5, 1, 2, 3, 4, 0])]).toEqual([1, 0, 0, 0, 0, 0])
  expect([...largestErrors([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1])
})

test('states are risky within fifty steps of an end before the horizon, and nowhere in an episode that reaches it', () => {
  const marks = riskyStates({ lengths: [60, 100, 3] }, 100)
  expect([...marks.subarray(0, 60)]).toEqual([...new Array(10).fill(0), ...new Array(50).fill(1)])
  expect([...marks.subarray(60, 160)]).toEqual(new Array(100).fill(0))
  expect([...marks.subarray(160)]).toEqual([1, 1, 1])
})
