/**
 * The study that the protocol was chosen by: what each interpretation that the paper leaves open changes, one at a time.
 *
 *     node scripts/tune.mjs EXPERTS       a folder with Berkeley's experts; about three core-hours
 *
 * Computes the runs that data/tuning/runs.csv lacks, adds them there, and prints the page's table. Its seeds are for this
 * alone: no result is reported of them.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { final, loadExpert, mean, protocolFor, strategyNames } from 'radgrad'

const require = createRequire(import.meta.url)
const { duration, recorded } = require('radgrad/dist/experiments/record.js')
const { writeAtomically } = require('radgrad/dist/files/atomic.js')
const { pack } = require('radgrad/dist/workers/job.js')
const { onThisMachine } = require('radgrad/dist/workers/local.js')

const data = new URL('../data/', import.meta.url)
const runsFile = new URL('tuning/runs.csv', data)
const critical = strategyNames.filter((name) => name.startsWith('loss') || name.startsWith('safedagger'))

const fit = (changes) => (protocol) => ({ fit: { ...protocol.fit, ...changes } })
const reading = (changes) => (protocol) => ({ readings: { ...protocol.readings, ...changes } })
const field = (changes) => () => changes

/** What is changed, and the strategies that can tell: the others' runs are those of the base. */
const variants = {
  base: [field({}), strategyNames],
  'epochs-20': [fit({ epochs: 20 }), strategyNames],
  'epochs-100': [fit({ epochs: 100 }), strategyNames],
  'epochs-200': [fit({ epochs: 200 }), strategyNames],
  'batch-128': [fit({ batch: 128 }), strategyNames],
  'weights-fresh': [fit({ weights: 'fresh' }), strategyNames],
  'optimizer-kept': [fit({ optimizer: 'kept' }), strategyNames],
  'reading-jacobian': [reading({ loss: 'jacobian' }), ['loss-gradient', 'loss-gradient-random']],
  'reading-sum': [reading({ loss: 'sum' }), ['loss-gradient', 'loss-gradient-random']],
  'reading-logit': [reading({ safety: 'logit' }), ['safedagger-gradient', 'safedagger-gradient-random']],
  'targets-stored': [field({ criticTargets: 'stored' }), critical],
  'first-expert': [field({ firstBatch: 'expert' }), strategyNames],
  'labels-clipped': [field({ labels: 'clipped' }), strategyNames],
  'masses-current': [field({ masses: 'current' }), strategyNames]
}

/** The protocol that the study began with, changed; what was chosen since does not change it. */
function varied(environment, strategy, expert, change) {
  const chosen = protocolFor(environment, strategy, expert)
  const base = { ...chosen, fit: { ...chosen.fit, epochs: { reacher: 50, hopper: 20 }[environment] } }
  return protocolFor(environment, strategy, expert, { ...base, ...change(base) })
}

/** Hopper costs some twelve times what Reacher does: two seeds of the base, one of what matters there most. */
const plan = [
  ['reacher', [101, 102, 103], Object.keys(variants)],
  ['hopper', [101, 102], ['base']],
  ['hopper', [101], ['labels-clipped', 'reading-jacobian', 'reading-sum', 'reading-logit']]
]

const columns = ['environment', 'variant', 'strategy', 'seed', 'queries', 'loss', 'loss_sd', 'seconds']
const csv = (file) =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
const key = (row) => row.slice(0, 4).join(',')

const [experts] = process.argv.slice(2)
if (!experts) {
  console.error('name the folder with Berkeley’s experts: node scripts/tune.mjs EXPERTS')
  process.exit(1)
}
const runs = new Map(existsSync(runsFile) ? csv(runsFile).map((row) => [key(row), row]) : [])
const jobs = []
for (const [environment, seeds, names] of plan) {
  const expert = await loadExpert(environment, experts)
  for (const variant of names)
    for (const strategy of variants[variant][1])
      for (const seed of seeds) {
        if (runs.has(key([environment, variant, strategy, seed]))) continue
        const protocol = await recorded(varied(environment, strategy, expert, variants[variant][0]))
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
      const { queries, loss, lossSd } = final(record.outcome)
      const row = [
        protocol.environment,
        variant,
        protocol.strategy,
        seed,
        queries,
        loss,
        lossSd,
        duration(record).toFixed(1)
      ]
      runs.set(key(row), row)
      await writeAtomically(runsFile.pathname, `${[columns, ...[...runs.values()].sort()].join('\n')}\n`)
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

/** Table 2 of the paper: queries and loss of a task's strategies. */
const paper = new Map(csv(new URL('paper/table-2.csv', data)).map((row) => [row.slice(0, 2).join(), row]))
const run = (environment, variant, strategy, seed) =>
  runs.get(key([environment, variants[variant][1].includes(strategy) ? variant : 'base', strategy, seed]))

/** Mean over the nine rows of |log ratio of queries| + |log ratio of loss|, ours to the paper's. */
function distance(environment, variant, seed) {
  const apart = (a, b) => Math.abs(Math.log(Number(a) / Number(b)))
  return mean(
    strategyNames.map((strategy) => {
      const ours = run(environment, variant, strategy, seed)
      const theirs = paper.get([environment, strategy].join())
      return apart(ours[4], theirs[2]) + apart(Math.max(Number(ours[5]), 0.01), theirs[3])
    })
  )
}

for (const environment of ['reacher', 'hopper']) {
  const rows = plan
    .filter(([name]) => name === environment)
    .flatMap(([, seeds, names]) => names.map((name) => [name, seeds]))
  console.log(
    `\n| ${environment} | ${[101, 102, 103].join(' | ')} | mean | mean less the base's, same seeds |\n|---|---|---|---|---|---|`
  )
  for (const [variant, seeds] of rows) {
    const distances = seeds.map((seed) => distance(environment, variant, seed))
    const base = seeds.map((seed) => distance(environment, 'base', seed))
    const cells = [101, 102, 103].map((_, i) => distances[i]?.toFixed(2) ?? '')
    const change = mean(distances) - mean(base)
    console.log(
      `| ${variant} | ${cells.join(' | ')} | ${mean(distances).toFixed(2)} | ${variant === 'base' ? '' : `${change > 0 ? '+' : ''}${change.toFixed(2)}`} |`
    )
  }
}
const hours = [...runs.values()].reduce((sum, row) => sum + Number(row[7]), 0) / 3600
console.log(`\n${runs.size} runs, ${hours.toFixed(1)} core-hours`)
