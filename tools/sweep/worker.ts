/** A worker process: computes the runs that its pool gives it, one after another. */
import type { RunRecord } from 'radgrad'
import { worker, workerEmit } from 'workerpool'
import { type Job, unpack } from './job.ts'
import { machine } from './machine.ts'
import { loadNamed } from './own.ts'
import { protocolOf } from './recorded.ts'
import { runToRecord } from './run-to-record.ts'

async function run({ protocol: recorded, seed, expert, own: file }: Job): Promise<RunRecord> {
  const protocol = await protocolOf(recorded, await unpack(expert))
  const own = file === undefined ? {} : (await loadNamed(file, protocol.strategy)).participants(protocol)
  return runToRecord(protocol, seed, machine(), { told: ({ record }) => workerEmit(record.iteration), own })
}

// Ctrl-C in a terminal reaches the workers too, but the pool ends them
process.on('SIGINT', () => {})

// without a parent nobody hears of the run
process.on('error', () => process.exit(1))

worker({ run })
