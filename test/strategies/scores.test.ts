import { describe, expect, test } from 'vitest'
import { type Critic, type CriticSpec, column, combineCritics, memoizeColumns } from '../../lib/strategies'
import { noCritic, nothingVisited, snapshot } from '../../lib/strategies/strategy'
import { experience, linear, scoresOf, training } from './small'

const floats = (...values: number[]) => Float32Array.from(values)

/** Writes down which columns are computed. */
function computations() {
  const computed: string[] = []
  const compute = (name: string) => () => {
    computed.push(name)
    return floats(1, 2)
  }
  return { computed, compute }
}

describe('scores', () => {
  test('`memoizeColumns` computes each column once, and only if it is called', () => {
    const { computed, compute } = computations()
    const scores = memoizeColumns({ a: compute('a'), b: compute('b') })
    expect(Object.keys(scores)).toEqual(['a', 'b'])
    expect(computed).toEqual([])
    expect(scores.b()).toBe(scores.b())
    expect([...scores.b()]).toEqual([1, 2])
    expect(computed).toEqual(['b'])
  })

  test('`column` returns the column of a name', () => {
    const scores = scoresOf({ a: [1], b: [2] })
    expect(column(scores, 'b')).toBe(scores.b())
  })

  test.each(['c', 'toString', '__proto__'])(
    '`column` refuses the unknown name %s, and lists the known ones',
    (name) => {
      expect(() => column(scoresOf({ a: [1], b: [2] }), name)).toThrow(
        new RangeError(`the critic gives a, b; the rule queries by '${name}'`)
      )
    }
  )
})

describe('two critics combined', () => {
  const task = { observationSize: 2, actionSize: 1 } as Parameters<CriticSpec['create']>[0]

  async function combined(a: Partial<Critic>, b: Partial<Critic>): Promise<Critic> {
    const spec = (name: string, critic: Partial<Critic>): CriticSpec => ({
      name,
      async create(environment) {
        expect(environment).toBe(task)
        return Object.defineProperties({ ...noCritic }, Object.getOwnPropertyDescriptors(critic))
      }
    })
    const both = combineCritics(spec('one', a), spec('other', b))
    expect(both.name).toBe('one and other')
    return both.create(task, () => Promise.reject(new Error('needs no network')))
  }

  test('combined critics give the scores of both, and of one name the second’s', async () => {
    const critic = await combined(
      { score: () => scoresOf({ a: [1], shared: [2] }) },
      { score: (states, actions) => scoresOf({ shared: states, b: actions }) }
    )
    const scores = critic.score(floats(3), floats(4), 1)
    const values = Object.entries(scores).map(([name, column]) => [name, ...column()])
    expect(values).toEqual([
      ['a', 1],
      ['shared', 3],
      ['b', 4]
    ])
  })

  test('combined critics compute no column that is not called', async () => {
    const { computed, compute } = computations()
    const critic = await combined(
      { score: () => memoizeColumns({ a: compute('a'), shared: compute('the first’s') }) },
      { score: () => memoizeColumns({ shared: compute('the second’s'), b: compute('b') }) }
    )
    const scores = critic.score(floats(), floats(), 1)
    expect(computed).toEqual([])
    expect(scores.shared()).toBe(scores.shared())
    expect(scores.a()).toBe(scores.a())
    expect(computed).toEqual(['the second’s', 'a'])
  })

  test('combined critics have the states of both, and the networks that either has by then', async () => {
    const [first, second] = [{ a: 1 }, { b: 2 }]
    const networks = [await linear([[1]], [0])]
    let late: typeof networks = []
    const critic = await combined(
      { networks, states: [first] },
      {
        get networks() {
          return late
        },
        states: [second]
      }
    )
    expect(critic.states).toEqual([first, second])
    expect(critic.states![1]).toBe(second)
    expect(critic.networks).toHaveLength(1)
    late = [networks[0], networks[0]]
    expect(critic.networks).toHaveLength(3)
    expect((await combined({}, {})).states).toEqual([])
  })

  test('combined critics are trained one after the other, and name the dead networks of both', async () => {
    const trained: string[] = []
    const fit = (name: string): Critic['fit'] => {
      return async ({ labelled }, { random }) => {
        trained.push(`${name} ${labelled.rows} ${random(name)() < 1}`)
        return [name]
      }
    }
    const [first, second] = [await linear([[1]], [0]), await linear([[2]], [0])]
    const critic = await combined({ networks: [first], fit: fit('one') }, { networks: [second], fit: fit('other') })
    expect(critic.networks).toEqual([first, second])
    const two = experience(first, { observations: floats(1, 2), expertActions: floats(3, 4) })
    expect(await critic.fit(two, training(1))).toEqual(['one', 'other'])
    expect(trained).toEqual(['one 2 true', 'other 2 true'])
  })
})

describe('a snapshot', () => {
  const values = (network: Awaited<ReturnType<typeof linear>>) => network.weights().map(({ values }) => [...values])

  test('`snapshot` restores the weights of the policy and of the critic’s networks, as often as it is called', async () => {
    const [policy, network] = [await linear([[1]], [2]), await linear([[3]], [4])]
    const restore = snapshot(policy, { ...noCritic, networks: [network] })
    for (let again = 0; again < 2; again++) {
      policy.setWeights([floats(5), floats(6)])
      network.setWeights([floats(7), floats(8)])
      restore()
      expect([values(policy), values(network)]).toEqual([
        [[1], [2]],
        [[3], [4]]
      ])
    }
  })

  test('`snapshot` restores the entries of a critic’s states, in the same objects', async () => {
    const state = { visited: nothingVisited, usual: undefined as number | undefined }
    const restore = snapshot(await linear([[1]], [2]), { ...noCritic, states: [state] })
    Object.assign(state, { visited: { ...nothingVisited, rows: 3 }, usual: 5 })
    restore()
    expect(state).toEqual({ visited: nothingVisited, usual: undefined })
    expect(state.visited).toBe(nothingVisited)
  })
})
