/** `radgrad worker`: does the runs that `radgrad reproduce --queue` puts into a queue. */
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { count, queueOption } from './options'
import { print, warn } from './print'
import { title } from './work'

interface WorkerOptions {
  readonly queue: string
  readonly concurrency?: number
}

/** @param signal once aborted, the worker gives back what it has not done */
export function workerCommand(signal: AbortSignal): Command {
  return new Command('worker')
    .description('Does the runs of a queue, until it is interrupted.')
    .addOption(queueOption().makeOptionMandatory())
    .addOption(count('concurrency', 'runs at a time (default: as many as there are processors)'))
    .action((options: WorkerOptions) => work(options, signal))
}

async function work(
  { queue, concurrency = availableParallelism() }: WorkerOptions,
  signal: AbortSignal
): Promise<void> {
  const [{ addressOf }, { serve }] = await Promise.all([import('../queue/address.js'), import('../queue/serve.js')])
  const address = addressOf(queue)
  print(`doing the runs of ${address.place}, ${concurrency} at a time`)
  await serve(
    address,
    concurrency,
    {
      done: (run, seconds) => print(`${title(run)}: done in ${seconds.toFixed(0)} s`),
      failed: (run, error) => print(`${title(run)}: FAILED, ${error.message}`),
      left: (run) => print(`${title(run)}: left to others`),
      notice: warn
    },
    signal
  )
}
