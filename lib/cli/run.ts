/** `radgrad run`: one run of Algorithm 1, a line an iteration. */
import { Command, Option } from 'commander'
import { type EnvironmentName, environments } from '../environments'
import { type Iteration, imitate } from '../experiments/imitate'
import { type Protocol, protocolFor } from '../experiments/protocol'
import { writeAtomically } from '../files/atomic'
import { loadExpert } from '../files/experts'
import type { EngineName } from '../networks'
import {
  choice,
  count,
  expertsOption,
  rateOption,
  type StrategyChoice,
  strategyChoices,
  strategyOf,
  wholeNumber
} from './options'
import { progressBar } from './progress'

interface RunOptions {
  readonly environment: EnvironmentName
  readonly strategy: StrategyChoice
  readonly seed: number
  readonly iterations?: number
  readonly episodes?: number
  readonly trials?: number
  readonly rate?: number
  readonly engine: EngineName
  readonly experts?: string
  readonly out?: string
  readonly json?: true
}

/** @param signal once aborted, the run stops; what it printed and saved is complete */
export function runCommand(signal: AbortSignal): Command {
  return new Command('run')
    .description('Runs Algorithm 1 once and prints a line an iteration.')
    .addOption(choice('--environment <name>', 'the task', environments).makeOptionMandatory())
    .addOption(choice('--strategy <name>', 'when to ask the expert', strategyChoices).makeOptionMandatory())
    .addOption(new Option('--seed <n>', 'names every random number').argParser(wholeNumber(0)).default(1))
    .addOption(count('iterations', 'iterations (default: the paper’s 15)'))
    .addOption(count('episodes', 'episodes an iteration (default: the paper’s 5 on Reacher, 10 on Hopper)'))
    .addOption(count('trials', 'test episodes an iteration (default: the paper’s 100)'))
    .addOption(rateOption())
    .addOption(choice('--engine <name>', 'what computes the policy', ['fused', 'tensorflow']).default('fused'))
    .addOption(expertsOption())
    .option('--out <file>', 'write the iterations there too, one JSON object a line')
    .option('--json', 'print one JSON object a line')
    .action((options: RunOptions) => run(options, signal))
}

async function run(options: RunOptions, signal: AbortSignal): Promise<void> {
  const { environment, seed, out } = options
  const strategy = strategyOf(options.strategy)
  const expert = await loadExpert(environment, options.experts)
  const { iterations, episodes, trials, rate, engine } = options
  const given = Object.entries({ iterations, episodes, trials, rate, engine }).filter(
    ([, value]) => value !== undefined
  )
  const protocol = protocolFor(environment, strategy, expert, Object.fromEntries(given) as Partial<Protocol>)

  const lines: string[] = []
  const save = async (): Promise<void> => {
    if (out !== undefined) await saveLines(out, lines)
  }
  await save() // a place that cannot be written to is told now, not after the first iteration
  const count = protocol.iterations
  const bar = progressBar(`${environment} ${strategy}`, count, (done) => `${done} of ${count} iterations`)
  try {
    for await (const iteration of imitate(protocol, seed, signal)) {
      const { record, seconds } = iteration
      lines.push(JSON.stringify({ ...record, seconds }))
      bar.print(options.json ? lines[lines.length - 1] : describe(iteration))
      bar.reach(record.iteration)
      await save()
    }
  } finally {
    bar.stop()
  }
}

async function saveLines(path: string, lines: readonly string[]): Promise<void> {
  try {
    await writeAtomically(path, lines.map((line) => `${line}\n`).join(''))
  } catch (error) {
    throw new Error(`--out ${path} cannot be written: ${(error as Error).message}`)
  }
}

const describe = ({ record, seconds }: Iteration): string => {
  const { iteration, queries, loss, lossSd } = record
  const took = (seconds.collect + seconds.train + seconds.test).toFixed(1)
  return `iteration ${String(iteration).padStart(2)}   queries ${String(queries).padStart(6)}   loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}   ${took} s`
}
