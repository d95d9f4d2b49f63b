import { expect, test } from 'vitest'
import { firstDifference } from '../../tools/difference.ts'

const nested = { iterations: [{ loss: 1, returns: [1, 2, 3] }, { loss: 2 }], name: 'x', none: null }

test.each([
  1,
  0,
  -0,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  'text',
  '',
  true,
  null,
  undefined,
  [],
  {},
  [Number.NaN, -0, [undefined]],
  nested
])('`firstDifference` finds none between %j and its copy', (value) => {
  expect(firstDifference(value, structuredClone(value))).toBeUndefined()
})

test('`firstDifference` finds none in the order of fields', () => {
  expect(firstDifference({ a: 1, b: [2] }, { b: [2], a: 1 })).toBeUndefined()
})

test.each<[string, unknown, unknown, string]>([
  ['other numbers', { a: 0.1 }, { a: 0.2 }, 'a: 0.1 and 0.2'],
  ['the last bit', { a: 0.1 + 0.2 }, { a: 0.3 }, 'a: 0.30000000000000004 and 0.3'],
  ['the sign of zero', { a: -0 }, { a: 0 }, 'a: -0 and 0'],
  ['NaN and a number', { a: Number.NaN }, { a: 0 }, 'a: NaN and 0'],
  ['NaN and null, as JSON has it', { a: Number.NaN }, { a: null }, 'a: NaN and null'],
  ['infinities', { a: Number.POSITIVE_INFINITY }, { a: Number.NEGATIVE_INFINITY }, 'a: Infinity and -Infinity'],
  ['a number and its text', { a: 1 }, { a: '1' }, 'a: 1 and "1"'],
  ['other texts', { a: 'x' }, { a: 'y' }, 'a: "x" and "y"'],
  ['null and nothing', { a: null }, {}, 'a: null and undefined'],
  ['a missing field', { a: 1, b: 2 }, { a: 1 }, 'b: 2 and undefined'],
  ['a field too many', { a: 1 }, { a: 1, b: 2 }, 'b: undefined and 2'],
  ['a missing field, and another name for it', { a: 1 }, { b: 1 }, 'a: 1 and undefined'],
  ['lists of different length', { a: [1, 2] }, { a: [1, 2, 3] }, 'a: 2 entries and 3 entries'],
  ['a list and none', { a: [] }, { a: 0 }, 'a: 0 entries and 0'],
  ['a list and an object', { a: [1] }, { a: { 0: 1 } }, 'a: 1 entries and {"0":1}'],
  ['an object and null', { a: { b: 1 } }, { a: null }, 'a: {"b":1} and null'],
  ['an entry of a list', { a: [1, 2, 3] }, { a: [1, 2, 4] }, 'a[2]: 3 and 4'],
  ['an entry of a list in a list', [[1], [2, [3]]], [[1], [2, [4]]], '[1][1][0]: 3 and 4'],
  [
    'a difference deep inside',
    nested,
    { ...nested, iterations: [{ loss: 1, returns: [1, 2.5, 3.5] }, { loss: 3 }] },
    'iterations[0].returns[1]: 2 and 2.5'
  ]
])('`firstDifference` names %s', (_, a, b, message) => {
  expect(firstDifference(a, b)).toBe(message)
})

test('`firstDifference` names no path for values that differ as a whole, but the name given', () => {
  expect(firstDifference(1, 2, 'seed')).toBe('seed: 1 and 2')
  expect(firstDifference(1, 2)).toMatch(/1 and 2$/)
})
