/**
 * The runs behind notebook 07, those that data/beyond/records lacks; interrupted, it goes on where it was.
 *
 *     node scripts/beyond.mjs [--tasks reacher hopper] [--parts sweep even best] [--rules …] [--workers N | --queue URL] [--results FOLDER]
 */
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { environments, loadExpert, ofSeeds, readResults, recorded, recordName, settings } from 'radgrad'
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
const chosen = values.rules.split(',')
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
    return best(expert, ofSeeds(await settings(ours), isForChoosing), chosen)
  }
}

try {
  for (const part of values.parts.split(','))
    for (const task of values.tasks.split(',')) {
      const expert = await loadExpert(task)
      const wanted = await named(await parts[part](task, expert), expert)
      const { records, unusable } = await readResults(values.results)
      for (const [file, why] of unusable) throw new Error(`${file}: ${why}; move it away`)
      const missing = [...new Map(wanted.map((job) => [job.name, job])).values()].filter(
        ({ name }) => !records.has(name)
      )
      console.log(`${part}, ${task}: ${missing.length} runs to go`)
      const failures = await work(
        missing,
        await compute(),
        async (_, record) => {
          await writeRecord(values.results, record)
          return `rate ${record.protocol.rate}, ${duration(record).toFixed(0)} s`
        },
        abort.signal
      )
      if (failures > 0) process.exitCode = 1
    }
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
