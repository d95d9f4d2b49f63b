/**
 * The main job: seed 1 of the paper's runs, computed afresh and compared with the committed records; the figures and tables; and
 * the notebooks, executed and as pages. All of it goes into out/.
 *
 *     npm run reproduce
 *     npm run reproduce -- --quick            little of each, in out/quick/, to see that it works
 *     npm run reproduce -- --from-records     computes nothing, draws what is committed
 *     npm run reproduce -- 02-dagger          executes a notebook or several, and does nothing else
 */
import { join } from 'node:path'
import { messageOf } from '../setup/errors.mjs'
import { readArguments } from '../setup/reproduce-arguments.mjs'
import { inRoot } from '../setup/root.mjs'
import { reproduce } from './reproduce.ts'

const { quick, fromRecords, named } = readArguments(process.argv.slice(2))
const folder = inRoot(quick ? 'out/quick' : 'out')
const results = !fromRecords && (quick || named.length === 0) ? join(folder, 'results') : undefined

// the hosts of this process and of the notebooks' kernels read these
process.env.RADGRAD_QUICK = quick ? '1' : ''
process.env.RADGRAD_RESULTS = results ?? ''

const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => abort.abort())
try {
  await reproduce({ quick, fromRecords, named, folder, results }, abort.signal)
} catch (error) {
  console.error(abort.signal.aborted ? `\ninterrupted; what is in ${folder} is complete` : `\n${messageOf(error)}`)
  process.exit(abort.signal.aborted ? 130 : 1)
}
