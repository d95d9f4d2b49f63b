/** A first batch of demonstrations, and their file. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { imitate, participantsOf } from '../lib/algorithm'
import type { Environment } from '../lib/environments'
import { readDemonstrations } from '../lib/files/demonstrations'
import type { Iteration } from '../lib/iteration'
import type { Protocol } from '../lib/protocol'
import type { VisitedStates } from '../lib/strategies'
import { iterationsOf, shorterProtocol } from './short-run'

const task = { name: 'task', observationSize: 2, actionSize: 1 } as Environment

const [supervised] = await iterationsOf(shorterProtocol('supervised', { iterations: 1 }))
const { visited } = supervised

/** Writes a file of these lines. */
async function written(...lines: string[]): Promise<string> {
  const file = join(await mkdtemp(join(tmpdir(), 'radgrad-demonstrations-')), 'demos.csv')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}
const read = async (...lines: string[]): Promise<VisitedStates> => readDemonstrations(await written(...lines), task)

describe('a file of demonstrations', () => {
  test('a row has a state and the expert’s action there, and a column tells episodes apart', async () => {
    const { rows, lengths, observations, actions } = await read(
      'x,episode,y,push',
      '1,1,2,0.5',
      '3,1,4,-1e-1',
      '',
      '5,7,6,"0"'
    )
    expect([rows, lengths]).toEqual([3, [2, 1]])
    expect([...observations]).toEqual([1, 2, 3, 4, 5, 6])
    expect(actions).toEqual(Float32Array.of(0.5, -0.1, 0))
  })

  test('a file without a column of episodes is one episode, and columns may be apart by semicolons', async () => {
    expect(await read('a;b;c', '1;2;3', '4;5;6')).toEqual({
      rows: 2,
      lengths: [2],
      observations: Float32Array.of(1, 2, 4, 5),
      actions: Float32Array.of(3, 6)
    })
  })

  test.each([
    [['a,b,c', '1,2,3', '4,,6'], /demos\.csv: '' in row 2, column b, is no number/],
    [['a,b,c', '1,two,3'], /'two' in row 1, column b, is no number/],
    [['a,b,c', '1,2,3,4'], /'4' in row 1, column 4, is no number/],
    [['a,b,c', '1,1e39,3'], /'1e39' in row 1, column b, is no number/],
    [['episode,a,b,c', '0,1,2,3', '1,1,2,3', '0,1,2,3'], /episode 0 comes back in row 3: sort the rows by episode/],
    [['a,b,c', '1,2'], /'' in row 1, column c, is no number/],
    [['a,b', '1,2'], /demos\.csv has the columns a,b: task has states of 2 numbers and actions of 1/],
    [['a,b,c'], /demos\.csv has no row of numbers/],
    [['a,b,c', '1,"2,3'], /demos\.csv cannot be read: .* in row/]
  ])('the lines %j are refused with the file and the place', async (lines, message) => {
    await expect(read(...lines)).rejects.toThrow(message)
  })

  test('a file that is not there is refused with its path', async () => {
    await expect(readDemonstrations('no/such.csv', task)).rejects.toThrow(/no such file .*no\/such\.csv/)
  })

  test.each([['reacher'], [undefined], [Promise.resolve(task)]])('%s in place of a task is refused', async (given) => {
    const file = await written('a,b,c', '1,2,3')
    await expect(readDemonstrations(file, given as never)).rejects.toThrow(
      new TypeError(`give a task, as rg.loadEnvironment gives, not ${given}`)
    )
  })
})

describe('a first batch of demonstrations', () => {
  const protocol = (changes: Partial<Protocol> = {}) =>
    shorterProtocol('loss', { iterations: 2, firstBatch: 'demonstrations', ...changes })

  async function runWith(demonstrations: VisitedStates, changes: Partial<Protocol> = {}, more = {}) {
    const participants = { ...(await participantsOf(protocol())), demonstrations, ...more }
    const iterations: Iteration[] = []
    for await (const iteration of imitate(participants, protocol(changes), 1)) iterations.push(iteration)
    return iterations
  }

  test('the policy of the first iteration is the one that learns from the same states and labels, collected', async () => {
    // the untrained learner acts in the first batch, so all visited states are labelled as they are in `data`
    const { rows, observations, expertActions } = supervised.data
    const [first, second] = await runWith({ rows, observations, actions: expertActions, lengths: visited.lengths })
    expect(first.data).toEqual(supervised.data)
    expect(first.record.returns).toEqual(supervised.record.returns)
    expect(first.record.rules).toEqual([{ reason: 'demonstrations', queried: 100, alone: 100, quantiles: [] }])
    expect(first.visited.rows).toBe(100)
    expect([first.record.queries, second.visited.rows]).toEqual([100, 200])
    expect(second.record.rules.map(({ reason }) => reason)).toEqual(['predictedLoss'])
  })

  test('demonstrations cost what their labels do, and spend a budget', async () => {
    const [first, second] = await runWith(visited, { budget: 100 }, { cost: () => 1 })
    expect([first.record.cost, second.record.queries]).toEqual([100, 100])
  })

  test('demonstrations that cost more than the budget are refused before any training, with both numbers', async () => {
    await expect(runWith(visited, { budget: 99 })).rejects.toThrow('the budget of 99 pays for 99 of 100 demonstrations')
    await expect(runWith(visited, { budget: 199 }, { cost: () => 2 })).rejects.toThrow(
      'the budget of 199 pays for 99 of 100 demonstrations'
    )
  })

  test('demonstrations without `firstBatch`, and `firstBatch` without demonstrations, are refused', async () => {
    const message = "give firstBatch: 'demonstrations' with them, or neither"
    await expect(runWith(visited, { firstBatch: 'learner' })).rejects.toThrow(message)
    await expect(runWith(undefined as never)).rejects.toThrow(message)
  })

  test('demonstrations of another task, or with a number that is not finite, are refused', async () => {
    const short = { ...visited, observations: visited.observations.slice(11) }
    await expect(runWith(short)).rejects.toThrow(
      'the demonstrated state for row 0 must be Float32Array of 1100, not Float32Array of 1089'
    )
    const odd = { ...visited, actions: visited.actions.map((action, i) => (i === 5 ? Number.NaN : action)) }
    await expect(runWith(odd)).rejects.toThrow('the demonstrated action for row 2 has NaN at entry 1')
  })
})
