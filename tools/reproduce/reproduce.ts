import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { environments, loadExpert, protocolFor, protocolOverrides, strategyNames, withExpertHash } from 'radgrad'
import { quickRunNotice, recordFileName, withSubtitle } from 'radgrad/dist/internal.js'
import { command } from '../command.ts'
import { executeNotebooks } from '../notebooks/execute.ts'
import { findChromium } from '../pictures/chromium.ts'
import { type Report, report, writeReport } from '../report/report.ts'
import { notebooks } from '../setup/reproduce-arguments.mjs'
import { inRoot, root } from '../setup/root.mjs'
import { compareRecords } from './compare-records.ts'

export interface Options {
  readonly quick: boolean
  readonly fromRecords: boolean
  /** Notebooks to execute; none named are all. */
  readonly named: readonly string[]
  /** The folder for what is made. */
  readonly folder: string
  /** The folder for the runs' records, if any are computed. */
  readonly results: string | undefined
}

/**
 * Computes runs, draws the report and executes notebooks, each if asked for.
 *
 * @param signal stops it
 * @throws Error when a part fails, or when not all runs equal the committed records
 */
export async function reproduce(options: Options, signal: AbortSignal): Promise<void> {
  const { quick, fromRecords, named, folder, results } = options
  let same = true
  if (fromRecords) console.log('\nNothing is computed: all is drawn from the committed records.')
  if (results) {
    await computeRuns(results, quick, signal)
    if (!quick) same = await compareRecords(await runNames(), results, inRoot('data/results'))
  }
  signal.throwIfAborted()
  if (results || fromRecords) await drawReport(folder, results, signal)
  await execute(named.length > 0 ? named : fromRecords ? ['05-figures-and-tables'] : notebooks, folder, signal)
  if (!same) throw new Error('not all runs equal the committed records (see above); the figures show the runs')
}

/** Throws when they fail; the command itself says why. */
async function computeRuns(results: string, quick: boolean, signal: AbortSignal): Promise<void> {
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
  for (const environment of environments) {
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
  const { figures, tables } = await report(folders, protocolOverrides(), signal)
  const notice = quickRunNotice()
  const drawn = Object.entries(figures).map(([name, figure]) => [name, notice ? withSubtitle(figure, notice) : figure])
  const pictures = findChromium()
  await writeReport(
    { figures: pictures ? Object.fromEntries(drawn) : {}, tables: notice ? marked(tables, notice) : tables },
    folder,
    signal
  )
  console.log(
    `\nTables are in ${join(folder, 'tables')}, ${
      pictures
        ? `${drawn.length} figures in ${join(folder, 'figures')}`
        : 'figures in the notebooks’ pages only, for there is no Chromium on the PATH'
    }.`
  )
}

/** Marks tables as those of a quick run, but for CSV, which has no place for words. */
function marked(tables: Report['tables'], notice: string): Report['tables'] {
  const mark = (name: string): string =>
    name.endsWith('.md') ? `*${notice}*\n\n` : name.endsWith('.tex') ? `% ${notice}\n` : ''
  return Object.fromEntries(Object.entries(tables).map(([name, text]) => [name, mark(name) + text]))
}

/** Executes notebooks, as many at a time as there are processors, and tells where their pages are. */
async function execute(names: readonly string[], folder: string, signal: AbortSignal): Promise<void> {
  console.log('\nThe notebooks')
  await executeNotebooks(
    names.map((name) => inRoot('notebooks', `${name}.ipynb`)),
    folder,
    { atATime: availableParallelism(), signal }
  )
  console.log('\nThe executed notebooks are there, and pages of them that open anywhere, offline too:')
  for (const name of names) console.log(`  ${pathToFileURL(join(folder, `${name}.html`))}`)
}
