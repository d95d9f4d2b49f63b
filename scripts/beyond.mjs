/**
 * The runs behind notebook 07, those that data/beyond/records lacks; interrupted, it goes on where it was.
 *
 *     node scripts/beyond.mjs [--tasks reacher,hopper] [--parts sweep,even,best] [--rules loss,…] [--workers N | --queue URL]
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { environments, loadExpert, ofSeeds, readResults, recorded, recordName, samples } from 'radgrad'
import { best, evenly, informed, isForChoosing, rules, sweep } from './beyond/plan.mjs'
import { inRoot } from './setup/root.mjs'

const require = createRequire(import.meta.url)
const { work } = require('radgrad/dist/cli/work.js')
const { duration } = require('radgrad/dist/experiments/record.js')
const { writeRecord } = require('radgrad/dist/files/results.js')
const { pack } = require('radgrad/dist/workers/job.js')
const { onThisMachine } = require('radgrad/dist/workers/local.js')

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: environments.join() },
    parts: { type: 'string', default: 'sweep,even,best' },
    rules: { type: 'string', default: [...rules, ...informed].join() },
    workers: { type: 'string', default: String(availableParallelism()) },
    queue: { type: 'string' },
    results: { type: 'string', default: inRoot('data/beyond/records') }
  }
})
/** What an option lists, with commas between. */
function listed(option, allowed) {
  const list = values[option].split(',')
  const unknown = list.find((name) => !allowed.includes(name))
  if (unknown === undefined) return list
  console.error(`--${option}: there is no '${unknown}'; there are ${allowed.join(', ')}`)
  process.exit(1)
}
const chosen = listed('rules', [...rules, ...informed])
const abort = new AbortController()
process.once('SIGINT', () => abort.abort(new Error('interrupted; what is recorded stays')))

async function compute() {
  if (values.queue === undefined) return onThisMachine(Number(values.workers))
  const { addressOf } = require('radgrad/dist/queue/address.js')
  return require('radgrad/dist/queue/submit.js').throughQueue(addressOf(values.queue))
}

/** Runs with their records' names, as they are to be computed. */
const named = (runs, expert) =>
  Promise.all(
    runs.map(async ({ protocol, seed }) => {
      const recordedAs = await recorded(protocol)
      return {
        protocol: recordedAs,
        seed,
        expert: pack(expert),
        name: await recordName({ protocol: recordedAs, seed })
      }
    })
  )

/** What a part of the plan wants of a task. */
const parts = {
  sweep: (task, expert) => sweep(task, expert, chosen),
  even: (task, expert) => evenly(task, expert),
  async best(task, expert) {
    const { records } = await readResults(values.results)
    const ours = [...records.values()].filter(({ protocol }) => protocol.environment === task)
    return best(expert, ofSeeds(await samples(ours), isForChoosing), chosen)
  }
}

try {
  for (const part of listed('parts', Object.keys(parts)))
    for (const task of listed('tasks', environments)) {
      const expert = await loadExpert(task)
      const wanted = await named(await parts[part](task, expert), expert)
      const { records, unusable } = await readResults(values.results)
      for (const [file, why] of unusable) throw new Error(`${file}: ${why}; move it away`)
      const missing = [...new Map(wanted.map((job) => [job.name, job])).values()].filter(
        ({ name }) => !records.has(name)
      )
      console.log(`${part}, ${task}: ${missing.length} of ${wanted.length} runs to go`)
      const failures = await work(
        missing,
        await compute(),
        async (_, record) => {
          await writeRecord(values.results, record)
          const { rate, hyperparameters } = record.protocol
          return `${rate === undefined ? `τ ${hyperparameters.loss.tau}` : `rate ${rate}`}, ${duration(record).toFixed(0)} s`
        },
        abort.signal
      )
      if (failures > 0) process.exitCode = 1
    }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
