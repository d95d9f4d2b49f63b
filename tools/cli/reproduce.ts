/** `radgrad reproduce`: computes the runs behind Figures 2 and 3 and Table 2 that are not recorded yet. */
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { pack } from '../sweep/job.ts'
import * as options from './options.ts'
import { computeMissing, computeOf, type Wanted } from './records.ts'

const command = () =>
  new Command('reproduce')
    .description('Computes the runs of the paper’s experiments that are not recorded yet, and records them.')
    .option('--seeds <n>', 'seeds 1 to n', options.wholeNumber(1), 1)
    .addOption(
      new Option('--environments <names...>', 'the tasks')
        .choices(rg.environments)
        .default(rg.paperEnvironments, 'the paper’s')
    )
    .addOption(
      new Option('--strategies <names...>', 'when to query the expert')
        .choices(options.strategies)
        .default(rg.strategyNames, 'the paper’s nine')
    )
    .addOption(options.rate())
    .addOption(options.workers())
    .addOption(options.queue().conflicts('workers'))
    .addOption(options.results())
    .addOption(options.experts())
    .option('--quick', `only ${rg.quick.iterations} iterations and ${rg.quick.trials} trials: to see that it works`)
    .option('--shard <i/n>', 'only every nth run from the ith on, for one machine of n', parseShard)

type Options = ReturnType<ReturnType<typeof command>['opts']>

/** @param signal once aborted, the runs stop; what is recorded stays, and the next time goes on from there */
export const reproduceCommand = (signal: AbortSignal) => command().action((options) => reproduce(options, signal))

function parseShard(text: string): { index: number; of: number } {
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number)
  if (!(index >= 1 && index <= of)) throw new InvalidArgumentError('It must be as 1/4, from 1/4 to 4/4.')
  return { index, of }
}

async function reproduce(given: Options, signal: AbortSignal): Promise<void> {
  const { results: folder, shard = { index: 1, of: 1 } } = given
  const compute = await computeOf(given)
  const wanted = (await allWanted(given)).filter((_, i) => i % shard.of === shard.index - 1)
  await computeMissing(folder, wanted, compute, signal)
}

async function allWanted(given: Options): Promise<Wanted[]> {
  const wanted: Wanted[] = []
  const changes = { ...(given.quick && rg.quick), ...(given.rate !== undefined && { rate: given.rate }) }
  for (const environment of new Set(given.environments)) {
    const expert = await rg.loadExpert(environment, given.experts)
    const packed = pack(expert)
    for (const strategy of new Set(given.strategies.map(options.strategyOf))) {
      const protocol = await rg.withExpertHash(rg.protocolFor(environment, strategy, expert, changes))
      for (let seed = 1; seed <= given.seeds; seed++)
        wanted.push({ protocol, seed, expert: packed, name: await recordFileName({ protocol, seed }) })
    }
  }
  return wanted
}
