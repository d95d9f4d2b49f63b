/** `radgrad worker`: does the runs that `radgrad reproduce --queue` puts into a queue. */
import { availableParallelism } from 'node:os'
import { Command } from '@commander-js/extra-typings'
import { withRemedy } from '../setup/virtual-memory.mjs'
import { title } from '../sweep/job.ts'
import { loadOwn } from '../sweep/own.ts'
import * as options from './options.ts'
import { print, warn } from './progress.ts'

/** @param signal once aborted, the worker gives back what it has not done */
export const workerCommand = (signal: AbortSignal) =>
  new Command('worker')
    .description('Does the runs of a queue, until it is interrupted.')
    .addOption(options.queue().makeOptionMandatory())
    .addOption(options.concurrency())
    .option('--strategies <files...>', 'files of strategies of one’s own: the queue has their hashes alone')
    .action(({ queue, concurrency = availableParallelism(), strategies }) =>
      work(queue, concurrency, strategies, signal)
    )

async function work(
  queue: string,
  concurrency: number,
  files: readonly string[] = [],
  signal: AbortSignal
): Promise<void> {
  const [{ addressOf }, { serve }] = await Promise.all([import('../sweep/queue.ts'), import('../sweep/serve.ts')])
  const address = addressOf(queue)
  const own = await Promise.all(files.map(loadOwn))
  print(`doing the runs of ${address.place}, ${concurrency} at a time`)
  const told: import('../sweep/serve.ts').Told = {
    done: (run, seconds) => print(`${title(run)}: done in ${seconds.toFixed(0)} s`),
    failed: (run, error) => print(`${title(run)}: FAILED, ${withRemedy(error.message)}`),
    left: (run) => print(`${title(run)}: left to others`),
    notice: warn
  }
  await serve(address, { concurrency, own }, told, signal)
}
