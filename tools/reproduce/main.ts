/**
 * The main job: seed 1 of the paper's runs, computed afresh and compared with the committed records; the figures and tables; and
 * the notebooks, executed and as pages. All of it goes into out/.
 *
 *     npm run reproduce
 *     npm run reproduce -- --quick            little of each, in out/quick/, to see that it works
 *     npm run reproduce -- --from-records     computes nothing, draws what is committed
 *     npm run reproduce -- 02-dagger          executes a notebook or several, and does nothing else
 */
import { messageOf } from '../setup/errors.mjs'
import { readArguments } from '../setup/reproduce-arguments.mjs'
import { withRemedy } from '../setup/virtual-memory.mjs'
import { planOf, reproduce } from './reproduce.ts'

const plan = planOf(readArguments(process.argv.slice(2)))

// the hosts of this process and of the notebooks' kernels read these
process.env.RADGRAD_QUICK = plan.quick ? '1' : ''
process.env.RADGRAD_RESULTS = plan.results ?? ''

const abort = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => abort.abort())
try {
  await reproduce(plan, abort.signal)
} catch (error) {
  console.error(
    abort.signal.aborted ? `\ninterrupted; what is in ${plan.folder} is complete` : `\n${withRemedy(messageOf(error))}`
  )
  process.exit(abort.signal.aborted ? 130 : 1)
}
