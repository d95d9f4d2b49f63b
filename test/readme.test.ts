import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { imitate } from '../lib/experiments/imitate'
import { protocolFor } from '../lib/experiments/protocol'
import { loadExpert } from '../lib/files/experts'

test('the README’s sample run is what the command prints, but for the seconds', async () => {
  const told =
    (await readFile('README.md', 'utf8')).match(/iteration +(\d+) +queries +(\d+) +loss (-?[\d.]+) ± ([\d.]+)/g) ?? []
  const run: string[] = []
  for await (const { record } of imitate(protocolFor('reacher', 'dagger', await loadExpert('reacher')), 1)) {
    const { iteration, queries, loss, lossSd } = record
    run.push(`iteration ${iteration} queries ${queries} loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}`)
  }
  expect(told.map((line) => line.replace(/ +/g, ' '))).toEqual([run[0], run[14]])
}, 120_000)
