/** Sweeps of notebooks and scripts. */
import { mkdir } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import * as rg from 'radgrad'
import type { Host } from 'radgrad/dist/internal.js'
import { computeMissing } from '../cli/records.ts'
import { inRoot } from '../setup/root.mjs'
import { isFile, loadOwn } from '../sweep/own.ts'
import { pointsOf, runsOf } from '../sweep/points.ts'
import { onThisMachine } from '../sweep/pool.ts'
import { runToRecord } from '../sweep/run-to-record.ts'
import { writeRecord } from '../sweep/write-record.ts'
import { onInterrupt } from './interrupt.ts'
import { cell } from './tslab.ts'

export const sweepOnThisMachine: Host['sweep'] = async (environment, strategy, options = {}) => {
  const { set = {}, seeds = 1, results = inRoot('out/sweep') } = options
  const expert = await rg.loadExpert(environment)
  const pointsFor = (name: rg.AnyStrategyName) => pointsOf(rg.protocolFor(environment, name, expert), set)
  if (typeof strategy !== 'string') return here(strategy, pointsFor('random'), seeds, results)
  const own = isFile(strategy) ? await loadOwn(strategy) : undefined
  const wanted = await runsOf(pointsFor(own?.name ?? (strategy as rg.AnyStrategyName)), seeds, own)
  await interruptible(results, (signal) =>
    computeMissing(results, wanted, onThisMachine(availableParallelism()), signal)
  )
  const folders = new Set(wanted.map(({ folder = '' }) => join(results, folder)))
  const { records } = await rg.readResults(...folders)
  return wanted.flatMap(({ name }) => records.get(name) ?? [])
}

/** Runs a strategy that is a value in this process, which alone has it. */
async function here(strategy: rg.QueryStrategy, points: ReturnType<typeof pointsOf>, seeds: number, results: string) {
  const records: rg.RunRecord[] = []
  await interruptible(results, async (signal) => {
    for (const { label, protocol } of points)
      for (let seed = 1; seed <= seeds; seed++) {
        const record = await runToRecord(protocol, seed, 'the process of its strategy', { signal, own: { strategy } })
        await mkdir(join(results, label), { recursive: true })
        await writeRecord(join(results, label), record)
        records.push(record)
      }
  })
  return records
}

/** Does work that an interrupt of the cell ends. A script ends by an interrupt as it is. */
async function interruptible(results: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const abort = new AbortController()
  const stop = () => abort.abort(new Error(`the sweep was interrupted: what is recorded is in ${results}`))
  const end = cell() ? onInterrupt(stop) : () => {}
  try {
    await work(abort.signal)
  } finally {
    end()
  }
}
