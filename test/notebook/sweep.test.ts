/** Sweeps of a notebook: their settings and their interrupt. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import * as rg from 'radgrad'
import { expect, test, vi } from 'vitest'
import '../../tools/host/register.ts'
import { sweepOnThisMachine } from '../../tools/host/sweep.ts'
import { newFolder } from '../cli/radgrad'

vi.mock('../../tools/host/tslab.ts', () => ({ cell: () => () => {}, beforeIdle: () => {} }))

test('an interrupt ends a sweep of a notebook, which says where the records are that it leaves', async () => {
  const results = join(await newFolder(), 'swept')
  const random = { title: 'Mine', rule: rg.random(0.1), control: rg.learnerThroughout }
  const set = { iterations: [1000], trials: [1], episodes: [1], 'fit.epochs': [1] }
  const swept = sweepOnThisMachine('reacher', random, { set, results })
  setTimeout(() => process.emit('SIGINT'), 1500)
  await expect(swept).rejects.toThrow(`the sweep was interrupted: what is recorded is in ${results}`)
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
