/** Sweeps of a notebook: their settings and their interrupt. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import * as rg from 'radgrad'
import { expect, test, vi } from 'vitest'
import '../../tools/host/register.ts'
import { sweepOnThisMachine } from '../../tools/host/sweep.ts'
import { newFolder } from '../cli/radgrad'

vi.mock('../../tools/host/tslab.ts', () => ({ cell: () => () => {}, beforeIdle: () => {} }))

test('an interrupt ends a sweep of a notebook, which says where the records are that it leaves', async () => {
  const results = join(await newFolder(), 'swept')
  const random = { title: 'Mine', rule: rg.random(0.1), control: rg.learnerThroughout }
  const set = { iterations: [10_000], trials: [1], episodes: [1], 'fit.epochs': [1] }
  const others = process.listeners('SIGINT')
  const swept = expect(sweepOnThisMachine('reacher', random, { set, results })).rejects.toThrow(
    `the sweep was interrupted: what is recorded is in ${results}`
  )
  const listens = () => process.listeners('SIGINT').some((listener) => !others.includes(listener))
  await vi.waitUntil(listens, { timeout: 60_000 })
  await setTimeout(500)
  process.emit('SIGINT')
  await swept
  expect(await readdir(results).catch(() => [])).toEqual([])
})

test.each([[0.02], ['warm'], [undefined]])(
  'a setting %j of a sweep, which is no list, is refused with its path',
  async (value) => {
    await expect(rg.sweep('reacher', 'safedagger', { set: { 'safety.tau': value } as never })).rejects.toThrow(
      new TypeError(`set: safety.tau: give a list of values, not ${value}`)
    )
  }
)
