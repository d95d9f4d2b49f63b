import { expect, test } from 'vitest'
import { generator } from '../../lib/random'
import { strategies } from '../../lib/strategies'
import { always, random } from '../../lib/strategies/rules'

const rngs = (count: number, name = 'row') => Array.from({ length: count }, (_, row) => generator(1, name, row))

test('always asks in every state', () => {
  expect([...always(rngs(3))]).toEqual([1, 1, 1])
})

test('the random rule asks at its rate, by each row’s own generator', () => {
  const asked = random(0.3)(rngs(20_000))
  const share = asked.reduce((sum, asks) => sum + asks, 0) / asked.length
  expect(Math.abs(share - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / 20_000))
  expect([...random(0.3)(rngs(5))]).toEqual([...random(0.3)(rngs(20_000))].slice(0, 5))
  expect([...random(1)(rngs(4)), ...random(0)(rngs(4))]).toEqual([1, 1, 1, 1, 0, 0, 0, 0])
})

test('the strategies are those of section 3.2', () => {
  const rows = Object.entries(strategies).map(([name, { title, actor, asks }]) => {
    const asked = asks(rngs(10_000, 'table'))
    return [name, title, actor, Math.round(asked.reduce((sum, asks) => sum + asks, 0) / 1000)]
  })
  expect(rows).toEqual([
    ['supervised', 'Supervised', 'expert', 10],
    ['dagger', 'DAgger', 'learner', 10],
    ['random', 'Random', 'expert-when-asked', 3]
  ])
})
