import { describe, expect, test } from 'vitest'
import { type Claim, claims, evaluateClaim, type Verdict } from '../../lib/analysis/claims'
import type { SeedResults } from '../../lib/analysis/results-by-seed'
import type { EnvironmentName } from '../../lib/environments'
import type { IterationRecord } from '../../lib/iteration'
import { type StrategyName, strategyNames } from '../../lib/strategies'
import { mean } from '../../lib/util/statistics'
import { byStrategy, scattered, seedResults, withLosses } from './seed-results'

const named = ({ environment, claim }: Claim) => `${environment}: ${claim}`
const claimOf = (name: string): Claim => {
  const found = claims.find((one) => named(one) === name)
  if (!found) throw new Error(`there is no claim ${name}`)
  return found
}

/** A strategy's loss in iterations 2 to 5 and in the last, 6, and its queries in each but the first. */
type Course = readonly [early: number, final: number, queries: number]
type Courses = Readonly<Record<StrategyName, Course>>

/** Returns a world in which every claim holds. */
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

/** Returns a world in which the opposite of each part of each claim holds. */
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
 * Returns the results of a seed in a world. Seeds differ far more than strategies, so that a comparison across seeds finds nothing.
 * Within a seed, strategies differ a little from the world.
 */
const seedOf = (world: Courses, seed: number): SeedResults =>
  seedResults(seed, 6, (strategy, iteration) => {
    const [early, final, queries] = world[strategy]
    const little = (3 * seed + strategyNames.indexOf(strategy)) % 5
    const own = iteration === 1 ? 30 : iteration === 6 ? final : early
    return { queries: 100 + queries * (iteration - 1) + 5 * seed, loss: own + 100 * seed + little / 50 }
  })

const verdicts = (claim: Claim, seeds: readonly SeedResults[]) => {
  const { verdict, parts } = evaluateClaim(claim, seeds)
  return { verdict, parts: new Set(parts.map((part) => part.verdict)) }
}
const all = (verdict: Verdict) => ({ verdict, parts: new Set([verdict]) })

describe.each(claims.map((claim) => [named(claim), claim] as const))('the claim on %s', (name, claim) => {
  const [yes, no] = [claimed(claim.environment), opposite(claim.environment)]

  test(`the claim on ${name} is supported where it holds in every seed`, () => {
    expect(verdicts(claim, [seedOf(yes, 1), seedOf(yes, 2), seedOf(yes, 3)])).toEqual(all('supported'))
  })

  test(`the claim on ${name} is contradicted where the opposite holds in every seed`, () => {
    expect(verdicts(claim, [seedOf(no, 1), seedOf(no, 2), seedOf(no, 3)])).toEqual(all('contradicted'))
  })

  test(`the claim on ${name} is undecided where seeds disagree`, () => {
    expect(verdicts(claim, [seedOf(yes, 1), seedOf(no, 2)])).toEqual(all('undecided'))
  })

  test(`the claim on ${name} is undecided by one seed alone`, () => {
    for (const world of [yes, no]) expect(verdicts(claim, [seedOf(world, 1)])).toEqual(all('undecided'))
  })
})

const last = ({ outcomes }: SeedResults, strategy: StrategyName): IterationRecord =>
  outcomes[strategy].iterations[outcomes[strategy].iterations.length - 1]

type Reading = (results: SeedResults) => number
const lossLess =
  (a: StrategyName, b: StrategyName): Reading =>
  (one) =>
    last(one, a).loss - last(one, b).loss
const queriesLess =
  (a: StrategyName, b: StrategyName): Reading =>
  (one) =>
    last(one, a).queries - last(one, b).queries
/** Returns Equation 3 of b less that of a. */
const efficiencyLess = (a: StrategyName, b: StrategyName): Reading => {
  const efficiency = (one: SeedResults, strategy: StrategyName) =>
    ((last(one, 'supervised').loss - last(one, strategy).loss) / last(one, strategy).queries) * 10_000
  return (one) => efficiency(one, b) - efficiency(one, a)
}
const matches =
  (strategy: StrategyName): Reading =>
  (one) => {
    const [own, dagger, supervised] = [strategy, 'dagger' as const, 'supervised' as const].map((s) => last(one, s).loss)
    return own - dagger - (supervised - dagger) / 5
  }
const course = (
  { outcomes }: SeedResults,
  strategy: StrategyName,
  what: 'loss' | 'queries',
  from: number,
  to: number
) => outcomes[strategy].iterations.filter(({ iteration }) => iteration >= from && iteration <= to).map((r) => r[what])
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
/** The numbers of each claim, part by part; they are below zero where it holds. */
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
  'reacher: SD Gradient queries less than SafeDAgger for much of the training': [
    queriesLessThroughout('safedagger-gradient', 'safedagger')
  ],
  'hopper: SD Gradient does not query less than SafeDAgger': [
    queriesLessThroughout('safedagger', 'safedagger-gradient')
  ],
  'reacher: RadGrad matches DAgger with fewer queries': [
    matches('loss-gradient'),
    queriesLess('loss-gradient', 'dagger')
  ]
}

describe('the numbers of claims', () => {
  test('every claim has its numbers, and no claim is made twice', () => {
    expect(claims.map(named)).toEqual(Object.keys(readings))
  })

  test.each(claims.map((claim) => [named(claim), claim] as const))(
    'the numbers of %s are computed from the records',
    (name, { parts }) => {
      expect(readings[name]).toHaveLength(parts.length)
      for (const one of [scattered(1, 7), scattered(2, 7), scattered(3, 6)])
        readings[name].forEach((reading, i) => {
          expect(parts[i].number(one.outcomes)).toBeCloseTo(reading(one), 9)
        })
    }
  )

  test('the numbers of some claims equal those by hand', () => {
    const one = seedResults(1, 6, (strategy, iteration) => {
      const [early, final, queries] = claimed('reacher')[strategy]
      return { queries: 100 + queries * (iteration - 1), loss: iteration === 1 ? 30 : iteration === 6 ? final : early }
    })
    const numbers = (name: string) => claimOf(name).parts.map(({ number }) => number(one.outcomes))
    expect(numbers('reacher: the gradient lowers the loss of Loss')).toEqual([3 - 5.5])
    expect(numbers('reacher: the gradient makes Loss more efficient')[0]).toBeCloseTo(45_000 / 250 - 70_000 / 240, 10)
    expect(numbers('reacher: Random matches DAgger with fewer queries')).toEqual([0.5 - 8 / 5, 300 - 600])
    expect(numbers('reacher: risk-aware strategies are ahead of DAgger early on')).toEqual([8.5 - 15])
    // The means of 125, 150, 175, 200, 225 and of 130, 160, 190, 220, 250.
    expect(numbers('reacher: SD Gradient queries less than SafeDAgger for much of the training')).toEqual([175 - 190])
  })

  /** Returns the change of a claim’s number with a strategy’s record of each iteration. */
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

  test('the claim about early iterations counts the second to the fifth', () => {
    const name = 'reacher: risk-aware strategies are ahead of DAgger early on'
    expect(changes(name, 'loss', 'dagger')).toEqual([0, -15, -15, -15, -15, 0, 0])
  })

  test('the claim about queries throughout counts all iterations but the first', () => {
    const name = 'reacher: SD Gradient queries less than SafeDAgger for much of the training'
    expect(changes(name, 'queries', 'safedagger')).toEqual([0, -10, -10, -10, -10, -10, -10])
  })

  test('a claim’s numbers are estimated by their mean over seeds', () => {
    const claim = claimOf('reacher: Random matches DAgger with fewer queries')
    const seeds = [1, 2, 3, 4].map((seed) => scattered(seed, 3))
    const { parts, ...rest } = evaluateClaim(claim, seeds)
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
  /** Returns the verdict where SafeDAgger loses that much more than DAgger, a margin for each seed. */
  const verdict = (...margins: number[]) =>
    evaluateClaim(
      claim,
      margins.map((margin, seed) => withLosses(seed, { safedagger: 50 + margin }, 50))
    ).verdict

  test('the verdict goes by the interval, not by the mean', () => {
    expect(verdict(1, 1, 1)).toBe('supported')
    expect(verdict(-1, -1, -1)).toBe('contradicted')
    expect(verdict(10, 10, -1)).toBe('undecided')
    expect(verdict(-10, -10, 1)).toBe('undecided')
  })

  test('no difference supports nothing, and among few seeds one without a difference leaves the claim undecided', () => {
    expect(verdict(0, 0, 0)).toBe('undecided')
    expect(verdict(1, 0)).toBe('undecided')
    expect(verdict(-1, 0)).toBe('undecided')
    // All four draws are the fourth seed in one resample of 256.
    expect(verdict(1, 1, 1, 0)).toBe('supported')
  })
})

describe('a claim of several parts', () => {
  const claim = claimOf('hopper: Random matches DAgger with fewer queries')
  /** Returns the verdicts by Random's loss and queries with each seed; DAgger's are 2 and 100, and Supervised loses 12. */
  const verdictsFor = (...seeds: [loss: number, queries: number][]) => {
    const { verdict, parts } = evaluateClaim(
      claim,
      seeds.map(([loss, queries], seed) =>
        seedResults(seed, 1, (strategy) => {
          const { dagger, random, supervised } = { dagger: 2, random: loss, supervised: 12 }
          const losses = { ...byStrategy(() => 5), dagger, random, supervised }
          return { queries: strategy === 'random' ? queries : 100, loss: losses[strategy] }
        })
      )
    )
    return [verdict, ...parts.map((part) => part.verdict)]
  }

  test('a claim of several parts is supported when all parts are', () => {
    expect(verdictsFor([3.9, 99], [3.9, 50])).toEqual(['supported', 'supported', 'supported'])
  })

  test('a claim of several parts is contradicted when one part is, whatever the other', () => {
    expect(verdictsFor([4.1, 99], [4.1, 99])).toEqual(['contradicted', 'contradicted', 'supported'])
    expect(verdictsFor([3.9, 101], [3.9, 101])).toEqual(['contradicted', 'supported', 'contradicted'])
    expect(verdictsFor([3.9, 101], [4.1, 101])).toEqual(['contradicted', 'undecided', 'contradicted'])
  })

  test('a claim of several parts is undecided when one part is and none is contradicted', () => {
    expect(verdictsFor([3.9, 99], [4.1, 99])).toEqual(['undecided', 'undecided', 'supported'])
    expect(verdictsFor([3.9, 100], [3.9, 100])).toEqual(['undecided', 'supported', 'undecided'])
  })
})

describe('a claim about most', () => {
  const claim = claimOf('hopper: most risk-aware strategies fail to reach DAgger')
  /** Returns the verdict where so many of the six lose more than DAgger and so many less; seeds disagree about the others. */
  const verdict = (more: number, less: number) => {
    const loss = (i: number, seed: number) => (i < more ? 60 : i < more + less ? 40 : seed === 1 ? 60 : 40)
    const seeds = [1, 2].map((seed) =>
      withLosses(seed, Object.fromEntries(riskAware.map((strategy, i) => [strategy, loss(i, seed)])), 50)
    )
    return evaluateClaim(claim, seeds).verdict
  }

  test('one claim is about a majority', () => {
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
  ])(
    'with %d of six that lose more than DAgger and %d that lose less, the claim about most is %s',
    (more, less, expected) => {
      expect(verdict(more, less)).toBe(expected)
    }
  )
})

test('the decisive part is the one furthest from holding, whatever the units', () => {
  const part = (what: string, ...numbers: number[]) => ({ what, number: () => numbers.shift() ?? Number.NaN })
  const decisive = (...parts: ReturnType<typeof part>[]) => {
    const claim: Claim = { claim: 'made up', environment: 'reacher', parts }
    return evaluateClaim(claim, [scattered(1, 2), scattered(2, 2)]).decisive.what
  }
  expect(decisive(part('barely', -0.2, -0.1), part('far', -2000, -1900))).toBe('barely')
  expect(decisive(part('supported', -2000, -1), part('undecided', -0.2, 0.1))).toBe('undecided')
  expect(decisive(part('undecided', -1, 900), part('contradicted', 0.1, 0.2))).toBe('contradicted')
  expect(decisive(part('always', -5, -5), part('undecided', -0.2, 0.1))).toBe('undecided')
  expect(decisive(part('never', 5, 5), part('undecided', -0.2, 0.1))).toBe('never')
  expect(decisive(part('supported', -2, -1), part('equal', 0, 0))).toBe('equal')
})
