/** `radgrad run`: one run of Algorithm 1, with a line for each iteration. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Command, Option } from '@commander-js/extra-typings'
import * as rg from 'radgrad'
import { recordFileName } from 'radgrad/dist/internal.js'
import { type Lines, openLines } from '../files.ts'
import { machine } from '../sweep/machine.ts'
import { withOwn } from '../sweep/own.ts'
import { runToRecord } from '../sweep/run-to-record.ts'
import { writeRecord } from '../sweep/write-record.ts'
import * as options from './options.ts'
import { progressBar } from './progress.ts'

const positive = options.wholeNumber(1)

const command = () =>
  new Command('run')
    .description('Runs Algorithm 1 once and prints a line for each iteration.')
    .addOption(new Option('--environment <name>', 'the task').choices(rg.environments).makeOptionMandatory())
    .addOption(options.strategy().makeOptionMandatory())
    .option('--seed <n>', 'names every random number', options.wholeNumber(0), 1)
    .option('--iterations <n>', 'iterations (default: the paper’s 15)', positive)
    .option('--episodes <n>', 'episodes an iteration (default: the paper’s 5 on Reacher, 10 on Hopper)', positive)
    .option('--trials <n>', 'test episodes an iteration (default: the paper’s 100)', positive)
    .addOption(options.rate())
    .addOption(options.budget())
    .addOption(
      new Option('--engine <name>', 'what computes the policy').choices(['fused', 'tensorflow']).default('fused')
    )
    .addOption(options.experts())
    .option('--save <folder>', 'save the record of the run and its last policy there')
    .option('--out <file>', 'write the iterations there too, one JSON object a line')
    .option('--json', 'print one JSON object a line')

/** @param signal once aborted, the run stops; what it printed and saved is complete */
export const runCommand = (signal: AbortSignal) => command().action((options) => run(options, signal))

async function run(given: ReturnType<ReturnType<typeof command>['opts']>, signal: AbortSignal): Promise<void> {
  const { environment, seed, save, out, json, experts, iterations, episodes, trials, rate, budget, engine } = given
  const { strategy, own } = await options.chosen(given.strategy)
  const expert = await rg.loadExpert(environment, experts)
  const changes = Object.entries({ iterations, episodes, trials, rate, budget, engine }).filter(
    ([, value]) => value !== undefined
  )
  const protocol = rg.protocolFor(environment, strategy, expert, Object.fromEntries(changes) as Partial<rg.Protocol>)

  // a place that cannot be written to is told now, not after the first iteration
  if (save !== undefined) {
    const file = await recordFileName({
      protocol: await rg.withExpertHash(own ? withOwn(protocol, own) : protocol),
      seed
    })
    if (existsSync(join(save, 'policy')) && !existsSync(join(save, file)))
      throw new Error(`--save ${save} has the policy of another run: name another folder`)
    await mkdir(save, { recursive: true }).catch(refusing(`--save ${save}`, signal))
  }
  const saved = out === undefined ? undefined : await openOut(out, signal)
  const bar = progressBar(
    `${environment} ${strategy.split('@')[0]}`,
    protocol.iterations,
    '{value} of {total} iterations'
  )
  let policy: rg.Model | undefined
  const told = async (iteration: rg.Iteration): Promise<void> => {
    const { record, seconds } = iteration
    const line = JSON.stringify({ ...record, seconds })
    bar.print(json ? line : describe(iteration))
    bar.reach(record.iteration)
    policy = rg.modelOf(iteration.policy)
    await saved?.add(line)
  }
  try {
    const record = await runToRecord(protocol, seed, machine(), {
      told,
      signal,
      own: own?.participants(protocol) ?? {}
    })
    if (save === undefined || !policy) return
    await writeRecord(save, record)
    await rg.saveModel(join(save, 'policy'), policy)
  } catch (error) {
    if (signal.aborted && save !== undefined)
      bar.warn(`nothing of this run is in ${save}: it is saved when it is whole`)
    throw error
  } finally {
    bar.stop()
    await saved?.close()
  }
}

/** Opens the file of --out, whose errors name it. */
async function openOut(path: string, signal: AbortSignal): Promise<Lines> {
  const refuse = refusing(`--out ${path}`, signal)
  const lines = await openLines(path, signal).catch(refuse)
  return { add: (line) => lines.add(line).catch(refuse), close: () => lines.close() }
}

/** Returns what names a place that cannot be written to. */
const refusing =
  (place: string, signal: AbortSignal) =>
  (error: Error): never => {
    signal.throwIfAborted()
    throw new Error(`${place} cannot be written: ${error.message}`)
  }

const describe = ({ record, seconds }: rg.Iteration): string => {
  const { iteration, queries, cost, loss, lossSd } = record
  const took = (seconds.collect + seconds.train + seconds.test).toFixed(1)
  return `iteration ${String(iteration).padStart(2)}   queries ${String(queries).padStart(6)}   ${cost === undefined ? '' : `cost ${cost.toFixed(1)}   `}loss ${loss.toFixed(2)} ± ${lossSd.toFixed(2)}   ${took} s`
}
