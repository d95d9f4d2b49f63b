/** The experts at work. Berkeley's are found in the folder that RADGRAD_BERKELEY_EXPERTS names; without it they are left out. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type EnvironmentName, environments, loadEnvironment, type Masses } from '../../lib/environments'
import { trials } from '../../lib/evaluate'
import { berkeleyExperts, loadExpert } from '../../lib/files/experts'
import { networkOf } from '../../lib/networks'
import { protocolFor } from '../../lib/protocol'
import { withExpertHash } from '../../lib/record'
import { mean } from '../../lib/util/statistics'

const berkeley = process.env.RADGRAD_BERKELEY_EXPERTS

async function meanReturn(name: EnvironmentName, masses: Masses, episodes: number, folder?: string, noise = 0) {
  const environment = await loadEnvironment(name, { masses })
  return mean((await trials(environment, await networkOf(await loadExpert(name, folder)), episodes, { noise })).returns)
}

test('our Reacher expert is a tanh network of two layers of 64 that returns at least -3.9 over 500 episodes', async () => {
  const { topology } = await loadExpert('reacher')
  expect(topology.config.layers.map(({ config }) => [config.units, config.activation])).toEqual([
    [64, 'tanh'],
    [64, 'tanh'],
    [2, 'linear']
  ])
  expect(await meanReturn('reacher', 'legacy', 500)).toBeGreaterThan(-3.9)
})

test('our Hopper expert is a tanh network of two layers of 64 that returns at least 3600 over 100 episodes on the paper’s masses', async () => {
  const { topology } = await loadExpert('hopper')
  expect(topology.config.layers.map(({ config }) => [config.units, config.activation])).toEqual([
    [64, 'tanh'],
    [64, 'tanh'],
    [3, 'linear']
  ])
  expect(await meanReturn('hopper', 'legacy', 100)).toBeGreaterThan(3600)
}, 120_000)

const published: [EnvironmentName, Masses, noise: number, episodes: number, expected: number, tolerance: number][] = [
  ['reacher', 'legacy', 0, 500, -3.7, 0.2],
  ['reacher', 'current', 0, 500, -3.7, 0.2],
  ['hopper', 'legacy', 0, 30, 3784, 30],
  ['hopper', 'current', 0, 30, 3723, 30],
  // in Gymnasium, by which today's masses are judged, over eight episodes: 4087 ± 39 and 3498, 5385 ± 41 and 5343
  ['halfcheetah', 'current', 0, 24, 4087, 60],
  ['halfcheetah', 'current', 0.2, 24, 3498, 60],
  ['halfcheetah', 'legacy', 0, 24, 4144, 60],
  ['halfcheetah', 'legacy', 0.2, 24, 3527, 60],
  ['walker2d', 'current', 0, 24, 5385, 60],
  ['walker2d', 'current', 0.2, 24, 5343, 60],
  ['walker2d', 'legacy', 0, 24, 5528, 60],
  ['walker2d', 'legacy', 0.2, 24, 5452, 200] // one of them may fall
]
test.skipIf(!berkeley).each(published)(
  'Berkeley’s %s expert on %s masses, with noise %d, returns over %i episodes %d ± %d (needs RADGRAD_BERKELEY_EXPERTS)',
  async (name, masses, noise, episodes, expected, tolerance) => {
    expect(Math.abs((await meanReturn(name, masses, episodes, berkeley, noise)) - expected)).toBeLessThan(tolerance)
  },
  120_000
)

test.skipIf(!berkeley)(
  'Berkeley’s experts are those that our records name (needs RADGRAD_BERKELEY_EXPERTS)',
  async () => {
    for (const environment of environments) {
      const { expert } = await withExpertHash(
        protocolFor(environment, 'dagger', await loadExpert(environment, berkeley))
      )
      expect(expert).toBe(berkeleyExperts[environment])
    }
  }
)

test('an expert that is missing, of an unknown environment or no pickle is reported', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'radgrad-experts-'))
  await expect(loadExpert('reacher', folder)).rejects.toThrow(
    /no expert for reacher in .*Reacher-v2\.pkl and .*model\.json/
  )
  await expect(loadExpert('walker' as 'reacher')).rejects.toThrow(
    /no environment 'walker': choose one of reacher, hopper/
  )
  await writeFile(join(folder, 'Reacher-v2.pkl'), 'not a pickle')
  await expect(loadExpert('reacher', folder)).rejects.toThrow(/Reacher-v2\.pkl is not one of Berkeley's experts: /)
})
