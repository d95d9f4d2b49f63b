/**
 * Runs the study that the protocol was chosen by: the effect of each reading that the paper leaves open, one at a time.
 *
 *     npm run study -- tuning EXPERTS       a folder with Berkeley's experts; about three core-hours
 *
 * Computes the runs that data/tuning/runs.csv lacks, adds them there, and prints the page's table. Its seeds are for this
 * alone: no result is reported of them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { finalIteration, loadExpert, paperEnvironments, withExpertHash } from 'radgrad'
import { writeAtomically } from '../../files.ts'
import { inRoot } from '../../setup/root.mjs'
import { type Job, pack } from '../../sweep/job.ts'
import { onThisMachine } from '../../sweep/pool.ts'
import { duration } from '../../sweep/recorded.ts'
import { distanceTable, runKey } from './distance.ts'
import { plan, protocolOfVariant, variants } from './plan.ts'

const runsFile = inRoot('data/tuning/runs.csv')
const columns = ['environment', 'variant', 'strategy', 'seed', 'queries', 'loss', 'loss_sd', 'seconds']

const [experts] = process.argv.slice(2)
if (!experts) {
  console.error('name the folder with Berkeley’s experts: npm run study -- tuning EXPERTS')
  process.exit(1)
}

const readCsv = (file: string): string[][] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
const keyOf = ([environment, variant, strategy, seed]: readonly string[]): string =>
  runKey(environment, variant, strategy, seed)

const rows = new Map(existsSync(runsFile) ? readCsv(runsFile).map((row) => [keyOf(row), row]) : [])
const jobs: (Job & { readonly variant: string })[] = []
for (const { environment, seeds, variants: names } of plan) {
  const expert = await loadExpert(environment, experts)
  for (const variant of names)
    for (const strategy of variants[variant].affects)
      for (const seed of seeds) {
        if (rows.has(runKey(environment, variant, strategy, seed))) continue
        const protocol = await withExpertHash(protocolOfVariant(environment, strategy, expert, variant))
        jobs.push({ protocol, seed, expert: pack(expert), variant })
      }
}

const abort = new AbortController()
process.once('SIGINT', () => abort.abort(new Error('interrupted; what is computed is saved')))
let done = 0
await onThisMachine(availableParallelism())(
  jobs,
  {
    iteration() {},
    async done({ protocol, seed, variant }, record) {
      const { queries, loss, lossSd } = finalIteration(record.outcome)
      const counts = [queries, loss, lossSd, duration(record).toFixed(1)]
      const row = [protocol.environment, variant, protocol.strategy, seed, ...counts].map(String)
      rows.set(keyOf(row), row)
      const lines = [columns, ...[...rows.values()].sort()].map((cells) => cells.join())
      await writeAtomically(runsFile, `${lines.join('\n')}\n`)
      console.log(`${++done} of ${jobs.length}: ${row.join(' ')}`)
    },
    failed({ protocol, seed, variant }, error) {
      console.log(`${protocol.environment} ${variant} ${protocol.strategy} ${seed}: ${error.message}`)
      process.exitCode = 1
    },
    notice: console.log
  },
  abort.signal
)

const runs = new Map([...rows].map(([key, row]) => [key, { queries: Number(row[4]), loss: Number(row[5]) }]))
const paper = new Map(
  readCsv(inRoot('data/paper/table-2.csv')).map(([environment, strategy, queries, loss]) => [
    [environment, strategy].join(),
    { queries: Number(queries), loss: Number(loss) }
  ])
)
for (const environment of paperEnvironments) console.log(`\n${distanceTable(environment, runs, paper)}`)
const hours = [...rows.values()].reduce((sum, row) => sum + Number(row[7]), 0) / 3600
console.log(`\n${rows.size} runs, ${hours.toFixed(1)} core-hours`)
