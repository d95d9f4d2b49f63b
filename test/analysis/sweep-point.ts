/** Sweep points whose runs are known: queries and loss of each seed. */
import type { SweepPoint } from '../../lib/analysis/sweep'
import type { EnvironmentName } from '../../lib/environments'
import { perceptron } from '../../lib/networks'
import { type Protocol, protocolFor } from '../../lib/protocol'
import type { AnyStrategyName } from '../../lib/strategies'

const expert = { topology: perceptron(11, [], 2), weights: [] }

export const sweepPoint = (
  strategy: AnyStrategyName,
  changes: Partial<Protocol>,
  runs: readonly (readonly [queries: number, loss: number])[],
  { environment = 'reacher', first = 1 }: { environment?: EnvironmentName; first?: number } = {}
): SweepPoint => ({
  protocol: { ...protocolFor(environment, strategy, expert, changes), expert: 'the one' },
  runs: runs.map(([queries, loss], i) => ({ seed: first + i, queries, loss }))
})
