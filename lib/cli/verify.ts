/** `radgrad verify`: computes recorded runs again and compares them bit for bit. */
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { firstDifference } from '../experiments/difference'
import { fingerprint } from '../experiments/hash'
import { duration, type RunRecord } from '../experiments/record'
import { hasExpert, loadExpert } from '../files/experts'
import { readResults } from '../files/results'
import type { Model } from '../networks'
import { type Job, type PackedModel, pack } from '../workers/job'
import { onThisMachine } from '../workers/local'
import { count, expertsOption, resultsOption, workersOption } from './options'
import { warn } from './print'
import { work } from './work'

interface VerifyOptions {
  readonly runs?: number
  readonly results: string
  readonly experts?: string
  readonly workers?: number
}

/** A run and the record of it that there is. */
interface Doubted extends Job {
  readonly record: RunRecord
}

export function verifyCommand(signal: AbortSignal): Command {
  return new Command('verify')
    .description('Computes recorded runs again, those that took least first, and compares them bit for bit.')
    .addOption(count('runs', 'how many (default: all)'))
    .addOption(workersOption())
    .addOption(resultsOption())
    .addOption(expertsOption())
    .action((options: VerifyOptions) => verify(options, signal))
}

async function verify(
  { runs, results, experts, workers = availableParallelism() }: VerifyOptions,
  signal: AbortSignal
): Promise<void> {
  const { records, unusable } = await readResults(results)
  for (const [file, why] of unusable) warn(`${join(results, file)}: ${why}`)
  const candidates = await withExpert([...records.values()], experts)
  const others = records.size - candidates.length
  if (others > 0)
    warn(`${others} ${others === 1 ? 'record is' : 'records are'} of experts that are not here (--experts names more)`)
  if (candidates.length === 0) throw new Error(`there is no record to verify in ${results}`)
  const doubted = candidates.sort((a, b) => duration(a.record) - duration(b.record)).slice(0, runs)

  let different = 0
  const compare = async ({ record }: Doubted, again: RunRecord): Promise<string> => {
    const difference = firstDifference(record.outcome, again.outcome)
    if (difference === undefined) return 'the same to the last bit'
    different++
    return `DIFFERENT, first in ${difference}`
  }
  const failures = await work(doubted, onThisMachine(workers), compare, signal)
  const wrong = different + failures + unusable.size
  if (wrong > 0)
    throw new Error(
      `of ${doubted.length} records ${different} differ and ${failures} could not be computed; ${unusable.size} more are unusable`
    )
}

/** The records whose expert is ours or in the folder. */
async function withExpert(records: readonly RunRecord[], folder: string | undefined): Promise<Doubted[]> {
  const found: Doubted[] = []
  const known = new Map<string, PackedModel>()
  const know = async (expert: Model): Promise<void> => {
    known.set(await fingerprint(expert), pack(expert))
  }
  const tasks = [...new Set(records.map(({ protocol }) => protocol.environment))]
  for (const name of tasks) {
    await know(await loadExpert(name))
    // of a folder without any, loading one tells
    if (folder !== undefined && (hasExpert(name, folder) || !tasks.some((task) => hasExpert(task, folder))))
      await know(await loadExpert(name, folder))
  }
  for (const record of records) {
    const { protocol, seed } = record
    const expert = known.get(protocol.expert)
    if (expert) found.push({ protocol, seed, expert, record })
  }
  return found
}
