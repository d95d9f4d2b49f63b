/** A worker process: computes the runs that it is given, one after another. */
import { cpus } from 'node:os'
import { worker, workerEmit } from 'workerpool'
import { protocolOf, type RecordedProtocol, type RunRecord, record } from '../experiments/record'
import { loadExpert } from '../files/experts'

/** A run to be computed. */
export interface Job {
  readonly protocol: RecordedProtocol
  readonly seed: number
  /** The folder of the expert, if it is not ours. */
  readonly experts?: string | undefined
}

async function run({ protocol, seed, experts }: Job): Promise<RunRecord> {
  const expert = await loadExpert(protocol.environment, experts)
  const machine = `${cpus()[0]?.model ?? process.arch}, Node ${process.versions.node}`
  return record(await protocolOf(protocol, expert), seed, machine, {
    told: ({ record }) => workerEmit(record.iteration)
  })
}

// Ctrl-C in a terminal reaches the workers too; it is the pool that ends them
process.on('SIGINT', () => {})

// with nobody left to hear of the work there is no more of it
process.on('error', () => process.exit(1))

worker({ run })
