/** Settings whose runs are known: queries and loss of each seed. */
import type { Setting } from '../../lib/analysis/settings'
import type { EnvironmentName } from '../../lib/environments'
import { type Protocol, protocolFor } from '../../lib/experiments/protocol'
import { perceptron } from '../../lib/networks'
import type { AnyName } from '../../lib/strategies'

const expert = { topology: perceptron(11, [], 2), weights: [] }

export const settingOf = (
  strategy: AnyName,
  changes: Partial<Protocol>,
  runs: readonly (readonly [queries: number, loss: number])[],
  { environment = 'reacher', first = 1 }: { environment?: EnvironmentName; first?: number } = {}
): Setting => ({
  protocol: { ...protocolFor(environment, strategy, expert, changes), expert: 'the one' },
  runs: runs.map(([queries, loss], i) => ({ seed: first + i, queries, loss }))
})
