/**
 * Set-up, then the main job: seed 1 of the paper's runs, computed afresh and compared with the committed records; the figures and
 * tables; and the notebooks, executed and as pages. All of it goes into out/.
 *
 *     npm run reproduce
 *     npm run reproduce -- --quick            little of each, in out/quick/, to see that it works
 *     npm run reproduce -- --from-records     computes nothing, draws what is committed
 *     npm run reproduce -- 02-dagger          executes a notebook or several, and does nothing else
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { inRoot, root } from './setup/root.mjs'
import { setupOrExit } from './setup.mjs'

const names = readdirSync(inRoot('notebooks'))
  .filter((file) => file.endsWith('.ipynb'))
  .map((file) => basename(file, '.ipynb'))
  .sort()
const { quick, fromRecords, asked } = readArguments()
const folder = inRoot(quick ? 'out/quick' : 'out')
const results = join(folder, 'results')
const computing = !fromRecords && (quick || asked.length === 0)

// the library and the notebooks' kernels go by these
process.env.RADGRAD_QUICK = quick ? '1' : ''
process.env.RADGRAD_RESULTS = computing ? results : ''

await setupOrExit()
// what set-up compiles and installs
const { executeNotebooks } = await import('./execute-notebooks.mjs')
const { compareRecords } = await import('./compare-records.mjs')
const { report, writeReport } = await import('./report.mjs')
const { findChromium } = await import('./find-chromium.mjs')
const { environments, loadExpert, protocolFor, recorded, recordName, scale, strategyNames, warning, withSubtitle } =
  await import('radgrad')

const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => abort.abort())
try {
  let same = true
  if (fromRecords) console.log('\nNothing is computed: all is drawn from the committed records.')
  if (computing) {
    await computeRuns()
    if (!quick) same = await compareRecords(await runNames(), results, inRoot('data/results'))
  }
  abort.signal.throwIfAborted()
  if (computing || fromRecords) await drawReport()
  await execute(asked.length > 0 ? asked : fromRecords ? ['05-figures-and-tables'] : names)
  if (!same) throw new Error('not all runs equal the committed records (see above); the figures show the runs')
} catch (error) {
  console.error(abort.signal.aborted ? `\ninterrupted; what is in ${folder} is complete` : `\n${error.message}`)
  process.exit(abort.signal.aborted ? 130 : 1)
}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { quick: { type: 'boolean', default: false }, 'from-records': { type: 'boolean', default: false } }
    })
    for (const name of positionals)
      if (!names.includes(name)) throw new Error(`there is no notebook ${name}: there are ${names.join(', ')}`)
    if (values['from-records'] && (values.quick || positionals.length > 0))
      throw new Error('--from-records stands alone')
    return { quick: values.quick, fromRecords: values['from-records'], asked: positionals }
  } catch (error) {
    console.error(`${error.message}\nusage: npm run reproduce -- [--quick | --from-records] [notebook ...]`)
    process.exit(1)
  }
}

/** Throws when they fail; the command itself says why. */
async function computeRuns() {
  console.log('\nThe runs of seed 1: nine algorithms on two tasks')
  const command = [inRoot('lib/bin/radgrad.js'), 'reproduce', '--results', results, ...(quick ? ['--quick'] : [])]
  if (existsSync(results)) console.log(`What is in ${results} already is taken; delete it to compute all again.`)
  // In a process group of its own: Ctrl-C in a terminal reaches us alone, and we pass it on.
  const child = spawn(process.execPath, command, { cwd: root, stdio: 'inherit', detached: true })
  abort.signal.addEventListener('abort', () => child.kill('SIGINT'), { once: true })
  const [code] = await once(child, 'close')
  abort.signal.throwIfAborted()
  if (code !== 0) throw new Error('the runs are not complete; what was recorded stays')
}

/** What the records of those runs are called. */
async function runNames() {
  const names = []
  for (const environment of environments) {
    const expert = await loadExpert(environment)
    for (const strategy of strategyNames)
      names.push(await recordName({ protocol: await recorded(protocolFor(environment, strategy, expert)), seed: 1 }))
  }
  return names
}

async function drawReport() {
  const folders = [inRoot('data/results'), ...(computing ? [results] : [])]
  const { figures, tables } = await report(folders, scale, abort.signal)
  const drawn = Object.entries(figures).map(([name, figure]) => [
    name,
    warning ? withSubtitle(figure, warning) : figure
  ])
  const pictures = findChromium()
  await writeReport(
    { figures: pictures ? Object.fromEntries(drawn) : {}, tables: warning ? marked(tables) : tables },
    folder,
    abort.signal
  )
  console.log(
    `\nTables are in ${join(folder, 'tables')}, ${
      pictures
        ? `${drawn.length} figures in ${join(folder, 'figures')}`
        : 'figures in the notebooks’ pages only, for there is no Chromium on the PATH'
    }.`
  )
}

/** Tables that say they are of a quick run, but for CSV, which has no place for words. */
function marked(tables) {
  const mark = { md: `*${warning}*\n\n`, tex: `% ${warning}\n`, csv: '' }
  return Object.fromEntries(Object.entries(tables).map(([name, text]) => [name, mark[name.split('.').pop()] + text]))
}

/** Executes notebooks, as many at a time as there are processors, and tells where their pages are. */
async function execute(wanted) {
  console.log('\nThe notebooks')
  await executeNotebooks(
    wanted.map((name) => inRoot('notebooks', `${name}.ipynb`)),
    folder,
    { atATime: availableParallelism(), signal: abort.signal }
  )
  console.log('\nThe executed notebooks are there, and pages of them that open anywhere, offline too:')
  for (const name of wanted) console.log(`  ${pathToFileURL(join(folder, `${name}.html`))}`)
}
