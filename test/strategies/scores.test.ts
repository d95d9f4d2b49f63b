import { describe, expect, test } from 'vitest'
import type { Network } from '../../lib/networks'
import { both, type Critic, type Judge, lazily, nobody } from '../../lib/strategies'
import { experience, linear, training } from './small'

const column = (...values: number[]) => Float32Array.from(values)

describe('scores that are computed lazily', () => {
  test('are computed once, and only if looked at', () => {
    const computed: string[] = []
    const compute = (name: string) => () => {
      computed.push(name)
      return column(1, 2)
    }
    const scores = lazily({ a: compute('a'), b: compute('b') })
    expect(Object.keys(scores)).toEqual(['a', 'b'])
    expect(computed).toEqual([])
    expect(scores.b).toBe(scores.b)
    expect([...scores.b]).toEqual([1, 2])
    expect(computed).toEqual(['b'])
  })
})

describe('both of two critics', () => {
  const task = { observationSize: 2, actionSize: 1 } as Parameters<Critic['begin']>[0]

  async function together(a: Partial<Judge>, b: Partial<Judge>): Promise<Judge> {
    const critic = (name: string, judge: Partial<Judge>): Critic => ({
      name,
      async begin(environment) {
        expect(environment).toBe(task)
        return Object.defineProperties({ ...nobody }, Object.getOwnPropertyDescriptors(judge))
      }
    })
    const joint = both(critic('one', a), critic('other', b))
    expect(joint.name).toBe('one and other')
    return joint.begin(task, () => Promise.reject(new Error('needs no network')))
  }

  test('score what either scores, and of one name what the second does', async () => {
    const judge = await together(
      { scores: () => ({ a: column(1), shared: column(2) }) },
      { scores: (states, proposals) => ({ shared: states, b: proposals }) }
    )
    const scores = judge.scores(column(3), column(4), 1)
    expect(scores).toEqual({ a: column(1), shared: column(3), b: column(4) })
  })

  test('compute no score that is not looked at', async () => {
    const computed: string[] = []
    const compute = (name: string) => () => {
      computed.push(name)
      return column(0)
    }
    const judge = await together(
      { scores: () => lazily({ a: compute('a'), shared: compute('the first’s') }) },
      { scores: () => lazily({ shared: compute('the second’s'), b: compute('b') }) }
    )
    const scores = judge.scores(column(), column(), 1)
    expect(computed).toEqual([])
    expect(scores.shared).toBe(scores.shared)
    expect(scores.a).toBe(scores.a)
    expect(computed).toEqual(['the second’s', 'a'])
  })

  test('put back what either keeps, and have the networks that either has by then', async () => {
    const network = await linear([[1]], [0])
    let [first, second]: Network[][] = [[], []]
    const keeping = (set: (networks: Network[]) => void, get: () => Network[]): Partial<Judge> => ({
      get networks() {
        return get()
      },
      keep() {
        const kept = get()
        return () => set(kept)
      }
    })
    const judge = await together(
      keeping(
        (networks) => {
          first = networks
        },
        () => first
      ),
      keeping(
        (networks) => {
          second = networks
        },
        () => second
      )
    )
    const back = judge.keep?.()
    ;[first, second] = [[network], [network, network]]
    expect(judge.networks).toHaveLength(3)
    back?.()
    expect(judge.networks).toHaveLength(0)
  })

  test('learn one after the other, and tell of the dead among the networks of both', async () => {
    const learned: string[] = []
    const learn = (name: string): Judge['learn'] => {
      return async ({ labelled }, { random }) => {
        learned.push(`${name} ${labelled.rows} ${random(name)() < 1}`)
        return [name]
      }
    }
    const [first, second] = [await linear([[1]], [0]), await linear([[2]], [0])]
    const judge = await together(
      { networks: [first], learn: learn('one') },
      { networks: [second], learn: learn('other') }
    )
    expect(judge.networks).toEqual([first, second])
    const some = experience(first, { observations: column(1, 2), actions: column(3, 4) })
    expect(await judge.learn(some, training(1))).toEqual(['one', 'other'])
    expect(learned).toEqual(['one 2 true', 'other 2 true'])
  })
})
