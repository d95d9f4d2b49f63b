/** Our environments against Gymnasium's, step by step. `oracle.py` made the fixtures with Gymnasium alone. */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type EnvironmentName, environments, loadEnvironment, type Masses, type Start } from '../../lib/environments'

interface Trace {
  readonly task: EnvironmentName
  readonly masses: Masses
  readonly start: Start
  readonly actions: number[][]
  readonly observations: number[][]
  readonly rewards: number[]
  readonly terms: Record<string, number>[]
  readonly terminated: boolean[]
  readonly truncated: boolean[]
}

const folder = new URL('fixtures/', import.meta.url)
const fixtures = readdirSync(folder).filter((file) => file.endsWith('.json'))
const read = (file: string): Trace => JSON.parse(readFileSync(new URL(file, folder), 'utf8'))

/** Returns the largest difference between two lists, infinite for NaN. */
const deviation = (ours: ArrayLike<number>, theirs: readonly number[]): number =>
  Math.max(...theirs.map((value, i) => (Number.isNaN(ours[i]) ? Number.POSITIVE_INFINITY : Math.abs(ours[i] - value))))

async function replay({ task, start, actions }: Trace, masses: Masses) {
  const environment = await loadEnvironment(task, { masses })
  const episodes = environment.resetTo([start])
  const observations = [episodes.observations.slice()]
  const steps = actions.map((action) => {
    const step = episodes.step([0], action)
    observations.push(episodes.observations.slice())
    return step
  })
  return { observations, steps, running: episodes.running }
}

const largest = (trace: Trace, observations: Float64Array[]): number =>
  Math.max(...trace.observations.map((expected, t) => deviation(observations[t], expected)))

test.each(environments)(
  'fixtures of %s have both masses, and a trace of its horizon or of 100 steps at least',
  (task) => {
    const traces = fixtures.map(read).filter((trace) => trace.task === task)
    for (const masses of ['current', 'legacy']) {
      const some = traces.filter((trace) => trace.masses === masses)
      expect(some.length).toBeGreaterThan(1)
      expect(Math.max(...some.map(({ actions }) => actions.length))).toBeGreaterThanOrEqual(
        task === 'reacher' ? 50 : 100
      )
    }
  }
)

describe.each(fixtures)('%s', (file) => {
  const trace = read(file)

  test('observations, rewards and terms are Gymnasium’s to 1e-6', async () => {
    const { observations, steps } = await replay(trace, trace.masses)
    const rewards = steps.map((step) => step.rewards[0])
    const terms = trace.terms.flatMap((expected, t) =>
      Object.entries(expected).map(([name, value]) => Math.abs(steps[t].terms[name][0] - value))
    )
    expect(largest(trace, observations)).toBeLessThan(1e-6)
    expect(deviation(rewards, trace.rewards)).toBeLessThan(1e-6)
    expect(Math.max(...terms)).toBeLessThan(1e-6)
  })

  test('the episode ends in the same step and way as in Gymnasium', async () => {
    const { steps, running } = await replay(trace, trace.masses)
    expect(steps.map((step) => step.terminated[0] === 1)).toEqual(trace.terminated)
    expect(steps.map((step) => step.truncated[0] === 1)).toEqual(trace.truncated)
    const hasEnded = trace.terminated.includes(true) || trace.truncated.includes(true)
    expect(running).toEqual(hasEnded ? [] : [0])
  })

  test('the other masses give other observations, so the comparison can fail', async () => {
    const other = trace.masses === 'legacy' ? 'current' : 'legacy'
    const { actions } = trace
    const short = { ...trace, actions: actions.slice(0, 10), observations: trace.observations.slice(0, 11) }
    const { observations } = await replay(short, other)
    expect(largest(short, observations)).toBeGreaterThan(1e-5)
  })
})
