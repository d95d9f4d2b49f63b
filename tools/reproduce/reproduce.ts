import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadExpert, paperEnvironments, protocolFor, protocolOverrides, strategyNames, withExpertHash } from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { command } from '../command.ts'
import { executeNotebooks } from '../notebooks/execute.ts'
import { report } from '../report/report.ts'
import { notebooks } from '../setup/reproduce-arguments.mjs'
import { inRoot, root } from '../setup/root.mjs'
import { compareRecords } from './compare-records.ts'
import { saveReport } from './save-report.ts'

/** The arguments of `npm run reproduce`. */
export interface Arguments {
  readonly quick: boolean
  readonly fromRecords: boolean
  /** Notebooks to execute, by name or path; none named are all. */
  readonly named: readonly string[]
}

export interface Plan {
  readonly quick: boolean
  /** The folder for what is made. */
  readonly folder: string
  /** The folder for the runs' records, if any are computed. */
  readonly results: string | undefined
  /** True if the figures and tables are drawn. */
  readonly report: boolean
  readonly notebooks: readonly string[]
}

/** Returns what is to be done; a quick run of some of the series computes too, for these show its records. */
export function planOf({ quick, fromRecords, named }: Arguments): Plan {
  const folder = inRoot(quick ? 'out/quick' : 'out')
  const ofSeries = named.some((name) => !name.endsWith('.ipynb'))
  const computes = !fromRecords && (named.length === 0 || (quick && ofSeries))
  return {
    quick,
    folder,
    results: computes ? join(folder, 'results') : undefined,
    report: computes || fromRecords,
    notebooks: named.length > 0 ? named : fromRecords ? ['05-figures-and-tables'] : notebooks
  }
}

/**
 * Computes runs, draws the report and executes notebooks, each if planned.
 *
 * @param signal stops it
 * @throws Error when a part fails, or when not all runs equal the committed records
 */
export async function reproduce(plan: Plan, signal: AbortSignal): Promise<void> {
  const { folder, results } = plan
  const same = results ? await computeRuns(results, plan.quick, signal) : true
  if (!results && plan.report) console.log('\nNothing is computed: all is drawn from the committed records.')
  if (plan.report) await drawReport(folder, results, signal)
  await execute(plan.notebooks, folder, signal)
  if (!same) throw new Error('not all runs equal the committed records (see above); the figures show the runs')
}

/** Computes the runs; returns if they equal the committed records, to which quick runs are not compared. */
async function computeRuns(results: string, quick: boolean, signal: AbortSignal): Promise<boolean> {
  await runCommand(results, quick, signal)
  return quick || compareRecords(await runNames(), results, inRoot('data/results'))
}

/** Throws when they fail; the command itself says why. */
async function runCommand(results: string, quick: boolean, signal: AbortSignal): Promise<void> {
  console.log('\nThe runs of seed 1: nine algorithms on two tasks')
  const args = [command, 'reproduce', '--results', results, ...(quick ? ['--quick'] : [])]
  if (existsSync(results)) console.log(`What is in ${results} already is taken; delete it to compute all again.`)
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we pass it on.
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit', detached: true })
  signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
  const [code] = await once(child, 'close')
  signal.throwIfAborted()
  if (code !== 0) throw new Error('the runs are not complete; what was recorded stays')
}

/** Returns the names of those runs' records. */
async function runNames(): Promise<string[]> {
  const names: string[] = []
  for (const environment of paperEnvironments) {
    const expert = await loadExpert(environment)
    for (const strategy of strategyNames)
      names.push(
        await recordFileName({ protocol: await withExpertHash(protocolFor(environment, strategy, expert)), seed: 1 })
      )
  }
  return names
}

async function drawReport(folder: string, results: string | undefined, signal: AbortSignal): Promise<void> {
  const folders = [inRoot('data/results'), ...(results ? [results] : [])]
  await saveReport(await report(folders, protocolOverrides(), signal), folder, signal)
}

/** Executes notebooks, as many at a time as there are processors, and tells where their pages are. */
async function execute(names: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  console.log('\nThe notebooks')
  const pathOf = (name: string): string =>
    name.endsWith('.ipynb') ? resolve(name) : inRoot('notebooks', `${name}.ipynb`)
  await executeNotebooks(names.map(pathOf), folder, { atATime: availableParallelism(), signal })
  console.log('\nThe executed notebooks are there, and pages of them that open anywhere, offline too:')
  for (const name of names) console.log(`  ${pathToFileURL(join(folder, `${basename(name, '.ipynb')}.html`))}`)
}
