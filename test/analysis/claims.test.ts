import { describe, expect, test } from 'vitest'
import { type Claim, claims, judge, type Verdict } from '../../lib/analysis/claims'
import type { Contest } from '../../lib/analysis/contests'
import type { EnvironmentName } from '../../lib/environments'
import type { IterationRecord } from '../../lib/experiments/imitate'
import { mean } from '../../lib/statistics'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { byStrategy, contest, scattered, withLosses } from './contest'

const named = ({ environment, claim }: Claim) => `${environment}: ${claim}`
const claimOf = (name: string): Claim => {
  const found = claims.find((one) => named(one) === name)
  if (!found) throw new Error(`there is no claim ${name}`)
  return found
}

/** A strategy's loss in iterations 2 to 5 and in the last, 6, and how often it asks in each but the first. */
type Course = readonly [early: number, final: number, asks: number]
type Courses = Readonly<Record<StrategyName, Course>>

/** A world in which all comes out as the paper says. */
const claimed = (environment: EnvironmentName): Courses => ({
  supervised: [20, 10, 100],
  dagger: [15, 2, 100],
  random: [12, 2.5, 40],
  safedagger: [9, 6, 30],
  'safedagger-gradient': [9, 5, environment === 'reacher' ? 25 : 35],
  'safedagger-gradient-random': [9, 4, 20],
  loss: [8, 5.5, 30],
  'loss-gradient': [8, 3, 28],
  'loss-gradient-random': [8, 2.8, 25]
})

/** One in which the opposite does, of each part of each claim. */
const opposite = (environment: EnvironmentName): Courses => ({
  supervised: [20, 3, 100],
  dagger: [5, 10, 50],
  random: [12, 9, 60],
  safedagger: [9, 5, 30],
  'safedagger-gradient': [9, 6, environment === 'reacher' ? 35 : 25],
  'safedagger-gradient-random': [9, 7, 30],
  loss: [8, 5, 30],
  'loss-gradient': [8, 9.5, 60],
  'loss-gradient-random': [8, 9.8, 60]
})

/**
 * A seed in a world. Seeds differ by far more than strategies do, so that whoever compares across seeds finds nothing;
 * within a seed, strategies differ from what they are in the world by a little.
 */
const seedOf = (world: Courses, seed: number): Contest =>
  contest(seed, 6, (strategy, iteration) => {
    const [early, final, asks] = world[strategy]
    const little = (3 * seed + strategyNames.indexOf(strategy)) % 5
    const own = iteration === 1 ? 30 : iteration === 6 ? final : early
    return { queries: 100 + asks * (iteration - 1) + 5 * seed, loss: own + 100 * seed + little / 50 }
  })

const verdicts = (claim: Claim, seeds: readonly Contest[]) => {
  const { verdict, parts } = judge(claim, seeds)
  return { verdict, parts: new Set(parts.map((part) => part.verdict)) }
}
const all = (verdict: Verdict) => ({ verdict, parts: new Set([verdict]) })

describe.each(claims.map((claim) => [named(claim), claim] as const))('that on %s', (_, claim) => {
  const [yes, no] = [claimed(claim.environment), opposite(claim.environment)]

  test('is supported where it holds in every seed', () => {
    expect(verdicts(claim, [seedOf(yes, 1), seedOf(yes, 2), seedOf(yes, 3)])).toEqual(all('supported'))
  })

  test('is contradicted where the opposite does', () => {
    expect(verdicts(claim, [seedOf(no, 1), seedOf(no, 2), seedOf(no, 3)])).toEqual(all('contradicted'))
  })

  test('is undecided where seeds disagree', () => {
    expect(verdicts(claim, [seedOf(yes, 1), seedOf(no, 2)])).toEqual(all('undecided'))
  })

  test('is undecided by one seed alone', () => {
    for (const world of [yes, no]) expect(verdicts(claim, [seedOf(world, 1)])).toEqual(all('undecided'))
  })
})

const last = ({ outcomes }: Contest, strategy: StrategyName): IterationRecord =>
  outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1]

type Reading = (contest: Contest) => number
const lossLess =
  (a: StrategyName, b: StrategyName): Reading =>
  (one) =>
    last(one, a).loss - last(one, b).loss
const queriesLess =
  (a: StrategyName, b: StrategyName): Reading =>
  (one) =>
    last(one, a).queries - last(one, b).queries
/** Equation 3 of b less that of a. */
const efficiencyLess = (a: StrategyName, b: StrategyName): Reading => {
  const efficiency = (one: Contest, strategy: StrategyName) =>
    ((last(one, 'supervised').loss - last(one, strategy).loss) / last(one, strategy).queries) * 10_000
  return (one) => efficiency(one, b) - efficiency(one, a)
}
const matches =
  (strategy: StrategyName): Reading =>
  (one) => {
    const [own, dagger, supervised] = [strategy, 'dagger' as const, 'supervised' as const].map((s) => last(one, s).loss)
    return own - dagger - (supervised - dagger) / 5
  }
const course = ({ outcomes }: Contest, strategy: StrategyName, what: 'loss' | 'queries', from: number, to: number) =>
  outcomes[strategy].iterations.filter(({ iteration }) => iteration >= from && iteration <= to).map((r) => r[what])
const riskAware = [
  'safedagger',
  'safedagger-gradient',
  'safedagger-gradient-random',
  'loss',
  'loss-gradient',
  'loss-gradient-random'
] as const
const early: Reading = (one) =>
  mean(riskAware.flatMap((strategy) => course(one, strategy, 'loss', 2, 5))) - mean(course(one, 'dagger', 'loss', 2, 5))
const queriesLessThroughout =
  (a: StrategyName, b: StrategyName): Reading =>
  (one) =>
    mean(course(one, a, 'queries', 2, Infinity)) - mean(course(one, b, 'queries', 2, Infinity))

const best = (['supervised', 'random', ...riskAware] as const).map((other) => lossLess('dagger', other))
/** What each claim says, part by part, in numbers below zero. */
const readings: Readonly<Record<string, readonly Reading[]>> = {
  'reacher: the gradient lowers the loss of Loss': [lossLess('loss-gradient', 'loss')],
  'reacher: the gradient makes Loss more efficient': [efficiencyLess('loss-gradient', 'loss')],
  'reacher: the gradient lowers the loss of SafeDAgger': [lossLess('safedagger-gradient', 'safedagger')],
  'reacher: the gradient makes SafeDAgger more efficient': [efficiencyLess('safedagger-gradient', 'safedagger')],
  'reacher: random sampling lowers the loss of Loss Gradient': [lossLess('loss-gradient-random', 'loss-gradient')],
  'reacher: random sampling makes Loss Gradient more efficient': [
    efficiencyLess('loss-gradient-random', 'loss-gradient')
  ],
  'reacher: random sampling lowers the loss of SD Gradient': [
    lossLess('safedagger-gradient-random', 'safedagger-gradient')
  ],
  'reacher: random sampling makes SD Gradient more efficient': [
    efficiencyLess('safedagger-gradient-random', 'safedagger-gradient')
  ],
  'reacher: risk-aware strategies are ahead of DAgger early on': [early],
  'reacher: DAgger performs best': best,
  'reacher: Random matches DAgger with fewer queries': [matches('random'), queriesLess('random', 'dagger')],
  'hopper: risk-aware strategies are ahead of DAgger early on': [early],
  'hopper: DAgger performs best': best,
  'hopper: Random matches DAgger with fewer queries': [matches('random'), queriesLess('random', 'dagger')],
  'hopper: most risk-aware strategies fail to reach DAgger': riskAware.map((other) => lossLess('dagger', other)),
  'hopper: SafeDAgger fails to reach DAgger': [lossLess('dagger', 'safedagger')],
  'reacher: SD Gradient asks less than SafeDAgger for much of the training': [
    queriesLessThroughout('safedagger-gradient', 'safedagger')
  ],
  'hopper: SD Gradient does not ask less than SafeDAgger': [queriesLessThroughout('safedagger', 'safedagger-gradient')],
  'reacher: RadGrad matches DAgger with fewer queries': [
    matches('loss-gradient'),
    queriesLess('loss-gradient', 'dagger')
  ]
}

describe('the numbers', () => {
  test('are of all claims, and none is made twice', () => {
    expect(claims.map(named)).toEqual(Object.keys(readings))
  })

  test.each(claims.map((claim) => [named(claim), claim] as const))('of %s, from the records', (name, { parts }) => {
    expect(readings[name]).toHaveLength(parts.length)
    for (const one of [scattered(1, 7), scattered(2, 7), scattered(3, 6)])
      readings[name].forEach((reading, i) => {
        expect(parts[i].number(one.outcomes)).toBeCloseTo(reading(one), 9)
      })
  })

  test('by hand', () => {
    const one = contest(1, 6, (strategy, iteration) => {
      const [early, final, asks] = claimed('reacher')[strategy]
      return { queries: 100 + asks * (iteration - 1), loss: iteration === 1 ? 30 : iteration === 6 ? final : early }
    })
    const numbers = (name: string) => claimOf(name).parts.map(({ number }) => number(one.outcomes))
    expect(numbers('reacher: the gradient lowers the loss of Loss')).toEqual([3 - 5.5])
    expect(numbers('reacher: the gradient makes Loss more efficient')[0]).toBeCloseTo(45_000 / 250 - 70_000 / 240, 10)
    expect(numbers('reacher: Random matches DAgger with fewer queries')).toEqual([0.5 - 8 / 5, 300 - 600])
    expect(numbers('reacher: risk-aware strategies are ahead of DAgger early on')).toEqual([8.5 - 15])
    // of 125, 150, 175, 200, 225 and 130, 160, 190, 220, 250
    expect(numbers('reacher: SD Gradient asks less than SafeDAgger for much of the training')).toEqual([175 - 190])
  })

  /** How much a claim’s number changes with a strategy’s record of each iteration. */
  const changes = (name: string, what: 'loss' | 'queries', strategy: StrategyName) =>
    [1, 2, 3, 4, 5, 6, 7].map((changed) => {
      const [{ number }] = claimOf(name).parts
      const before = scattered(1, 7)
      const iterations = before.outcomes[strategy].iterations.map((r) =>
        r.iteration === changed ? { ...r, [what]: r[what] + 60 } : r
      )
      const after = { ...before.outcomes, [strategy]: { ...before.outcomes[strategy], iterations } }
      return Math.round(number(after) - number(before.outcomes))
    })

  test('of early iterations are of the second to the fifth', () => {
    const name = 'reacher: risk-aware strategies are ahead of DAgger early on'
    expect(changes(name, 'loss', 'dagger')).toEqual([0, -15, -15, -15, -15, 0, 0])
  })

  test('of queries throughout are of all iterations but the first', () => {
    const name = 'reacher: SD Gradient asks less than SafeDAgger for much of the training'
    expect(changes(name, 'queries', 'safedagger')).toEqual([0, -10, -10, -10, -10, -10, -10])
  })

  test('are estimated by their mean over seeds', () => {
    const claim = claimOf('reacher: Random matches DAgger with fewer queries')
    const seeds = [1, 2, 3, 4].map((seed) => scattered(seed, 3))
    const { parts, ...rest } = judge(claim, seeds)
    expect(rest).toMatchObject({ claim: claim.claim, environment: 'reacher' })
    readings[named(claim)].forEach((reading, i) => {
      const { value, low, high } = parts[i].estimate
      expect(value).toBeCloseTo(mean(seeds.map(reading)), 10)
      expect(low).toBeLessThan(value)
      expect(value).toBeLessThan(high)
      expect(parts[i].what).toBe(claim.parts[i].what)
    })
  })
})

describe('a verdict', () => {
  const claim = claimOf('hopper: SafeDAgger fails to reach DAgger')
  /** By how much SafeDAgger loses more than DAgger in each seed. */
  const verdict = (...margins: number[]) =>
    judge(
      claim,
      margins.map((margin, seed) => withLosses(seed, { safedagger: 50 + margin }, 50))
    ).verdict

  test('is by the interval, not by the mean', () => {
    expect(verdict(1, 1, 1)).toBe('supported')
    expect(verdict(-1, -1, -1)).toBe('contradicted')
    expect(verdict(10, 10, -1)).toBe('undecided')
    expect(verdict(-10, -10, 1)).toBe('undecided')
  })

  test('needs more than no difference, which in two seeds one may be', () => {
    expect(verdict(0, 0, 0)).toBe('undecided')
    expect(verdict(1, 0)).toBe('undecided')
    expect(verdict(-1, 0)).toBe('undecided')
    // that all four draws are the fourth seed is 1 in 256
    expect(verdict(1, 1, 1, 0)).toBe('supported')
  })
})

describe('a claim of several parts', () => {
  const claim = claimOf('hopper: Random matches DAgger with fewer queries')
  /** Random's loss, where DAgger's is 2 and Supervised's 12, and queries, where DAgger's are 100; a pair a seed. */
  const judged = (...seeds: [loss: number, queries: number][]) => {
    const { verdict, parts } = judge(
      claim,
      seeds.map(([loss, queries], seed) =>
        contest(seed, 1, (strategy) => {
          const { dagger, random, supervised } = { dagger: 2, random: loss, supervised: 12 }
          const losses = { ...byStrategy(() => 5), dagger, random, supervised }
          return { queries: strategy === 'random' ? queries : 100, loss: losses[strategy] }
        })
      )
    )
    return [verdict, ...parts.map((part) => part.verdict)]
  }

  test('is supported when all are', () => {
    expect(judged([3.9, 99], [3.9, 50])).toEqual(['supported', 'supported', 'supported'])
  })

  test('is contradicted when one is, whatever the other', () => {
    expect(judged([4.1, 99], [4.1, 99])).toEqual(['contradicted', 'contradicted', 'supported'])
    expect(judged([3.9, 101], [3.9, 101])).toEqual(['contradicted', 'supported', 'contradicted'])
    expect(judged([3.9, 101], [4.1, 101])).toEqual(['contradicted', 'undecided', 'contradicted'])
  })

  test('is undecided when one is and none is contradicted', () => {
    expect(judged([3.9, 99], [4.1, 99])).toEqual(['undecided', 'undecided', 'supported'])
    expect(judged([3.9, 100], [3.9, 100])).toEqual(['undecided', 'supported', 'undecided'])
  })
})

describe('a claim about most', () => {
  const claim = claimOf('hopper: most risk-aware strategies fail to reach DAgger')
  /** With so many of the six that lose more than DAgger, so many that lose less; seeds disagree about the others. */
  const verdict = (more: number, less: number) => {
    const loss = (i: number, seed: number) => (i < more ? 60 : i < more + less ? 40 : seed === 1 ? 60 : 40)
    const seeds = [1, 2].map((seed) =>
      withLosses(seed, Object.fromEntries(riskAware.map((strategy, i) => [strategy, loss(i, seed)])), 50)
    )
    return judge(claim, seeds).verdict
  }

  test('is the only one of its kind', () => {
    expect(claims.filter(({ majority }) => majority)).toEqual([claim])
  })

  test.each([
    [6, 0, 'supported'],
    [4, 2, 'supported'],
    [4, 0, 'supported'],
    [3, 3, 'undecided'],
    [3, 0, 'undecided'],
    [0, 3, 'undecided'],
    [0, 0, 'undecided'],
    [2, 4, 'contradicted'],
    [0, 4, 'contradicted']
  ])('of six with %d that lose more and %d that lose less is %s', (more, less, expected) => {
    expect(verdict(more, less)).toBe(expected)
  })
})

test('the decisive part is the one furthest from holding, whatever the units', () => {
  const part = (what: string, ...numbers: number[]) => ({ what, number: () => numbers.shift() ?? Number.NaN })
  const decisive = (...parts: ReturnType<typeof part>[]) => {
    const claim: Claim = { claim: 'made up', environment: 'reacher', parts }
    return judge(claim, [scattered(1, 2), scattered(2, 2)]).decisive.what
  }
  expect(decisive(part('barely', -0.2, -0.1), part('far', -2000, -1900))).toBe('barely')
  expect(decisive(part('supported', -2000, -1), part('undecided', -0.2, 0.1))).toBe('undecided')
  expect(decisive(part('undecided', -1, 900), part('contradicted', 0.1, 0.2))).toBe('contradicted')
  expect(decisive(part('always', -5, -5), part('undecided', -0.2, 0.1))).toBe('undecided')
  expect(decisive(part('never', 5, 5), part('undecided', -0.2, 0.1))).toBe('never')
  expect(decisive(part('supported', -2, -1), part('equal', 0, 0))).toBe('equal')
})
