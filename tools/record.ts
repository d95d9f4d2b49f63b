/** Makes records of runs, and their text, which `lib/record.ts` describes and reads. */
import { type Iteration, type IterationRecord, type Model, modelOf, type Outcome, type RunRecord } from 'radgrad'
import { fingerprint, hash, numericsVersion, recordFormat, validate } from 'radgrad/dist/internal.js'

/**
 * Gathers the outcome of a whole run, up to line 19 of Algorithm 1, and the durations of its iterations.
 *
 * @param told hears of each iteration, and is awaited
 * @throws what the run does
 */
export async function gather(run: AsyncIterable<Iteration>, told?: (iteration: Iteration) => unknown) {
  const iterations: IterationRecord[] = []
  const policies: Model[] = []
  const seconds: Iteration['seconds'][] = []
  let last: Iteration | undefined
  for await (const iteration of run) {
    iterations.push(iteration.record)
    policies.push(modelOf(iteration.policy))
    seconds.push(iteration.seconds)
    last = iteration
    await told?.(iteration)
  }
  if (!last) throw new Error('a run has at least one iteration')
  const outcome: Outcome = {
    iterations,
    expertReturns: Array.from(last.expertReturns),
    validation: validate(last.policy, policies, last.data),
    policy: await fingerprint(policies[policies.length - 1])
  }
  return { outcome, seconds }
}

/** Makes a record: adds format, numerics and checksum. */
export async function sealRecord(record: Omit<RunRecord, 'format' | 'numerics' | 'checksum'>): Promise<RunRecord> {
  const rest = { format: recordFormat, numerics: numericsVersion, ...record } as const
  return { ...rest, checksum: await hash(rest) }
}

/** Writes a record as text, a line for each iteration. */
export function encodeRecord({ outcome, provenance, ...rest }: RunRecord): string {
  const lines = (list: readonly unknown[]): string => `[\n${list.map((item) => JSON.stringify(item)).join(',\n')}\n]`
  const entries = ({ iterations, ...others }: Outcome): string =>
    `{"iterations": ${lines(iterations)},\n${JSON.stringify(others).slice(1)}`
  return `${JSON.stringify(rest).slice(0, -1)},\n"outcome": ${entries(outcome)},\n"provenance": ${JSON.stringify(provenance)}}\n`
}
