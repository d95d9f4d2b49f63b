/** A worker process: computes the runs that it is given, one after another. */
import { cpus } from 'node:os'
import { worker, workerEmit } from 'workerpool'
import { protocolOf, type RunRecord, record } from '../experiments/record'
import { type Job, unpack } from './job'

async function run({ protocol, seed, expert }: Job): Promise<RunRecord> {
  const machine = `${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`
  return record(await protocolOf(protocol, unpack(expert)), seed, machine, {
    told: ({ record }) => workerEmit(record.iteration)
  })
}

// Ctrl-C in a terminal reaches the workers too; it is the pool that ends them
process.on('SIGINT', () => {})

// with nobody left to hear of the work there is no more of it
process.on('error', () => process.exit(1))

worker({ run })
