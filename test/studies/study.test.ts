/** The code that computes what a study lacks, on a plan of two runs of a second each. */
import { spawn } from 'node:child_process'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readResults } from '../../lib/files/results'
import { newFolder, type Outcome, outcome, root } from '../cli/radgrad'

/** The first two runs of the study of a budget, by Random and by RadGrad, made as short as can be. */
const short = (options: readonly string[]): string => `
  await import('./tools/dist/host/register.js')
  const { runStudy } = await import('./tools/dist/studies/study.js')
  const { spread } = await import('./tools/dist/studies/budget/plan.js')
  const shorten = ({ protocol, seed }) => {
    const { fit, ...others } = protocol
    const less = { iterations: 2, episodes: 1, trials: 1, budget: 60, fit: { ...fit, epochs: 1 } }
    return { protocol: { ...others, ...less }, seed }
  }
  await runStudy({
    tasks: ['reacher'],
    strategies: ['random', 'loss-gradient'],
    parts: {
      short: (task, expert, of) =>
        of.map((name) => shorten(spread(task, expert).find(({ protocol }) => protocol.strategy === name)))
    },
    folder: 'nowhere',
    label: ({ budget }) => budget + ' labels'
  }, ${JSON.stringify(options)})`

const study = (...options: string[]): Promise<Outcome> => {
  const given = ['--require', './tools/setup/node-compat.cjs', '--input-type=module', '--eval', short(options)]
  return outcome(spawn(process.execPath, given, { cwd: root, timeout: 60_000 }))
}

test('a study computes what its folder lacks, of the parts and strategies that are named, and nothing a second time', async () => {
  const results = await newFolder()
  const first = await study('--results', results, '--workers', '1', '--strategies', 'random')
  expect(first.stderr).toBe('')
  expect(first.stdout).toMatch(/^short, reacher:\n0 of 1 runs .*, 1 to go\n.*reacher random 60 labels seed 1: /)
  const second = await study('--results', results, '--workers', '1')
  expect(second.stdout).toMatch(/\n1 of 2 runs .*, 1 to go\n.*reacher loss-gradient 60 labels seed 1: /)
  const third = await study('--results', results)
  expect(third.stdout).toMatch(/^short, reacher:\n2 of 2 runs are recorded in \S+\n$/)
  expect([first.code, second.code, third.code]).toEqual([0, 0, 0])
  const { records, unusable } = await readResults(results)
  expect(unusable.size).toBe(0)
  const taken = [...records.values()].map(({ protocol, outcome }) => [
    protocol.strategy,
    ...outcome.iterations.map(({ steps }) => steps)
  ])
  // RadGrad's thresholds are set on twenty episodes before the second iteration
  expect(taken.sort()).toEqual([
    ['loss-gradient', 50, 1100],
    ['random', 50, 100]
  ])
  await rm(results, { recursive: true })
}, 120_000)

test('a study tells what names there are, and goes on past a record that is damaged', async () => {
  const results = await newFolder()
  const unknown = await study('--results', results, '--parts', 'long')
  expect([unknown.code, unknown.stderr]).toEqual([1, "--parts: there is no 'long'; there are short\n"])
  await study('--results', results, '--strategies', 'random', '--workers', '1')
  const [name] = (await readResults(results)).records.keys()
  await writeFile(join(results, name), '{}')
  const { code, stderr } = await study('--results', results, '--workers', '1')
  expect(code).toBe(1)
  expect(stderr).toContain('1 of 2 runs have no record to be used')
  expect([...(await readResults(results)).records.values()].map(({ protocol }) => protocol.strategy)).toEqual([
    'loss-gradient'
  ])
  await rm(results, { recursive: true })
}, 120_000)
