/** The folder of a training: its state, the policies of its snapshots, and a line of measures for each. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type EnvironmentName, modelOf, type Network, saveModel } from 'radgrad'

import { writeAtomically } from '../../files.ts'
import type { Measures } from './measure.ts'
import { plans, shortfall } from './tasks.ts'
import type { Saved } from './trpo.ts'

/** A line of `measures.jsonl`. */
export interface Snapshot extends Measures {
  readonly task: string
  readonly seed: number
  readonly floor: number
  readonly discount: number
  readonly iteration: number
  readonly steps: number
  /** The exploration's standard deviations. */
  readonly deviations: readonly number[]
  /** Folder of the model, beside this file. */
  readonly model: string
}

const state = (folder: string): string => join(folder, 'training.json')
const lines = (folder: string): string => join(folder, 'measures.jsonl')

export const saveTraining = (folder: string, saved: Saved): Promise<void> =>
  writeAtomically(state(folder), `${JSON.stringify(saved)}\n`)

export const readTraining = async (folder: string): Promise<Saved | undefined> =>
  existsSync(state(folder)) ? (JSON.parse(await readFile(state(folder), 'utf8')) as Saved) : undefined

export async function readSnapshots(folder: string): Promise<Snapshot[]> {
  if (!existsSync(lines(folder))) return []
  const text = await readFile(lines(folder), 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Snapshot)
}

/**
 * Returns the snapshots of all of a task's trainings by the rule of choice, the chosen one first, with their shortfalls.
 *
 * @param folder of the trainings
 */
export async function rankedSnapshots(task: EnvironmentName, folder: string) {
  const trainings = (await readdir(folder)).filter((entry) => entry.startsWith(`${task}-seed-`))
  const snapshots = (await Promise.all(trainings.map((entry) => readSnapshots(join(folder, entry))))).flat()
  return snapshots
    .map((snapshot) => ({ ...snapshot, missing: shortfall(snapshot, plans[task].gates) }))
    .sort((a, b) => a.missing - b.missing || a.seed - b.seed || a.steps - b.steps)
}

/** Adds a snapshot. A line that a training wrote before it was stopped gives way to the same line written again. */
export async function addSnapshot(folder: string, snapshot: Snapshot, policy: Network): Promise<void> {
  await saveModel(join(folder, snapshot.model), modelOf(policy))
  const earlier = (await readSnapshots(folder)).filter(({ iteration }) => iteration < snapshot.iteration)
  const text = [...earlier, snapshot].map((line) => `${JSON.stringify(line)}\n`).join('')
  await writeAtomically(lines(folder), text)
}
