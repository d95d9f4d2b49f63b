/** Samples whose runs are known: queries and loss of each seed. */
import type { Sample } from '../../lib/analysis/samples'
import type { EnvironmentName } from '../../lib/environments'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { perceptron } from '../../lib/networks'
import type { AnyName } from '../../lib/strategies'

const expert = { topology: perceptron(11, [], 2), weights: [] }

export const sampleOf = (
  strategy: AnyName,
  changes: Partial<Protocol>,
  runs: readonly (readonly [queries: number, loss: number])[],
  { environment = 'reacher', first = 1 }: { environment?: EnvironmentName; first?: number } = {}
): Sample => ({
  protocol: { ...protocolFor(environment, strategy, expert, changes), expert: 'the one' },
  runs: runs.map(([queries, loss], i) => ({ seed: first + i, queries, loss }))
})
