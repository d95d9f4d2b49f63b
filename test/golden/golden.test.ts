/**
 * The net under every change of words and structure: hashes over the numbers of short runs, in order, without the names of fields or
 * reasons. They are the bits of the code that computed all committed records and never change with it.
 */
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { imitate, participantsOf } from '../../lib/algorithm'
import { paperEnvironments } from '../../lib/environments'
import { loadExpert } from '../../lib/files/experts'
import type { Iteration } from '../../lib/iteration'
import { type Protocol, protocolFor } from '../../lib/protocol'
import { allStrategyNames } from '../../lib/strategies'
import golden from './golden.json'

/** All numbers of a piece of JSON, in order. */
const numbers = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : Object(value) === value ? Object.values(value as object).flatMap(numbers) : []

async function hashOfRun(protocol: Protocol): Promise<string> {
  const hash = createHash('sha256')
  const add = (values: Iterable<number>) => hash.update(Float64Array.from(values))
  let last: Iteration | undefined
  for await (const iteration of imitate(await participantsOf(protocol), protocol, 1)) {
    add(numbers(iteration.record))
    last = iteration
  }
  add(last!.expertReturns)
  for (const network of [last!.policy, ...last!.critic.networks])
    for (const { values } of network.weights()) add(values)
  return hash.digest('hex').slice(0, 16)
}

const variants: readonly (readonly [string, Partial<Protocol>])[] = [
  ['thresholds', {}],
  ['rate', { rate: 0.2 }],
  ['weighting', { weighting: 'nearest' }]
]
const hasRate = (strategy: string) =>
  !['supervised', 'dagger', 'dropoutdagger', 'ensembledagger-full'].includes(strategy)
const cells = paperEnvironments.flatMap((environment) =>
  allStrategyNames.flatMap((strategy) =>
    variants
      .filter(([variant]) => variant === 'thresholds' || (variant === 'rate' ? hasRate(strategy) : strategy === 'loss'))
      .map(([variant, changes]) => [`${environment} ${strategy} ${variant}`, environment, strategy, changes] as const)
  )
)

test.each(cells)(
  'the numbers of %s are those of the committed records’ code',
  async (cell, environment, strategy, changes) => {
    const expert = await loadExpert(environment)
    const whole = protocolFor(environment, strategy, expert, { iterations: 3, episodes: 2, trials: 2, ...changes })
    const hash = await hashOfRun({ ...whole, fit: { ...whole.fit, epochs: 3 } })
    expect(hash).toBe((golden as Record<string, string>)[cell])
  }
)

test('every strategy on each task has a hash', () => {
  expect(cells.map(([cell]) => cell).sort()).toEqual(Object.keys(golden).sort())
})
