/** `radgrad sweep`: runs a strategy with each combination of some settings. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { pointsOf, runsOf, type Settings } from '../sweep/points.ts'
import * as options from './options.ts'
import { computeMissing, computeOf } from './records.ts'

const command = () =>
  new Command('sweep')
    .description(
      'Runs a strategy with each combination of some settings, and records the runs that are not recorded yet.'
    )
    .addOption(new Option('--environment <name>', 'the task').choices(rg.environments).makeOptionMandatory())
    .addOption(options.strategy().makeOptionMandatory())
    .addOption(
      new Option('--set <field=values>', 'values of a field of the protocol: safety.tau=0.02,0.04; may be repeated')
        .argParser(parseSet)
        .default({} as Settings, 'the paper’s')
    )
    .option('--seeds <n>', 'seeds 1 to n', options.wholeNumber(1), 1)
    .addOption(options.workers())
    .addOption(options.queue().conflicts('workers'))
    .addOption(options.results().default('out/sweep'))
    .addOption(options.experts())

/** @param signal once aborted, the runs stop; what is recorded stays, and the next time goes on from there */
export const sweepCommand = (signal: AbortSignal) => command().action((options) => sweep(options, signal))

async function sweep(given: ReturnType<ReturnType<typeof command>['opts']>, signal: AbortSignal): Promise<void> {
  const compute = await computeOf(given)
  const { strategy, own } = await options.chosen(given.strategy)
  const expert = await rg.loadExpert(given.environment, given.experts)
  const points = pointsOf(rg.protocolFor(given.environment, strategy, expert), given.set)
  await computeMissing(given.results, await runsOf(points, given.seeds, own), compute, signal)
}

function parseSet(text: string, before: Settings): Settings {
  const [, path, values] = /^([\w.]+)=(.+)$/.exec(text) ?? []
  if (!path || values.split(',').includes('')) throw new InvalidArgumentError('It must be as safety.tau=0.02,0.04.')
  if (path in before) throw new InvalidArgumentError(`${path} is set already: give all its values at once.`)
  return { ...before, [path]: values.split(',').map((value) => (Number.isNaN(Number(value)) ? value : Number(value))) }
}
