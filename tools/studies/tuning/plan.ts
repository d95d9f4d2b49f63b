/** The variants of the protocol by which it was chosen: one reading at a time that the paper leaves open. */
import {
  type Model,
  type PaperEnvironment,
  type Protocol,
  protocolFor,
  type StrategyName,
  strategyNames
} from 'radgrad'

type Change = (base: Protocol) => Partial<Protocol>

const fit =
  (changes: Partial<Protocol['fit']>): Change =>
  (base) => ({ fit: { ...base.fit, ...changes } })
const readings =
  (changes: Partial<Protocol['readings']>): Change =>
  (base) => ({ readings: { ...base.readings, ...changes } })
const fields =
  (changes: Partial<Protocol>): Change =>
  () =>
    changes

interface Variant {
  readonly change: Change
  /** The strategies that the change affects: the others' runs are those of the base. */
  readonly affects: readonly StrategyName[]
}

const withCritic = strategyNames.filter((name) => name.startsWith('loss') || name.startsWith('safedagger'))
const lossGradients: readonly StrategyName[] = ['loss-gradient', 'loss-gradient-random']
const riskGradients: readonly StrategyName[] = ['safedagger-gradient', 'safedagger-gradient-random']

export const variants: Readonly<Record<string, Variant>> = {
  base: { change: fields({}), affects: strategyNames },
  'epochs-20': { change: fit({ epochs: 20 }), affects: strategyNames },
  'epochs-100': { change: fit({ epochs: 100 }), affects: strategyNames },
  'epochs-200': { change: fit({ epochs: 200 }), affects: strategyNames },
  'batch-128': { change: fit({ batch: 128 }), affects: strategyNames },
  'weights-fresh': { change: fit({ weights: 'fresh' }), affects: strategyNames },
  'optimizer-kept': { change: fit({ optimizer: 'kept' }), affects: strategyNames },
  'reading-jacobian': { change: readings({ loss: 'jacobian' }), affects: lossGradients },
  'reading-sum': { change: readings({ loss: 'sum' }), affects: lossGradients },
  'reading-logit': { change: readings({ safety: 'logit' }), affects: riskGradients },
  'targets-stored': { change: fields({ criticTargets: 'stored' }), affects: withCritic },
  'first-expert': { change: fields({ firstBatch: 'expert' }), affects: strategyNames },
  'labels-clipped': { change: fields({ labels: 'clipped' }), affects: strategyNames },
  'masses-current': { change: fields({ masses: 'current' }), affects: strategyNames }
}

/** Hopper costs some twelve times what Reacher does: two seeds of the base, one of what matters most there. */
export const plan: readonly {
  readonly environment: PaperEnvironment
  readonly seeds: readonly number[]
  readonly variants: readonly string[]
}[] = [
  { environment: 'reacher', seeds: [101, 102, 103], variants: Object.keys(variants) },
  { environment: 'hopper', seeds: [101, 102], variants: ['base'] },
  {
    environment: 'hopper',
    seeds: [101],
    variants: ['labels-clipped', 'reading-jacobian', 'reading-sum', 'reading-logit']
  }
]

const firstEpochs: Record<PaperEnvironment, number> = { reacher: 50, hopper: 20 }

/** Returns the protocol that the study began with, changed; choices made since do not change it. */
export function protocolOfVariant(
  environment: PaperEnvironment,
  strategy: StrategyName,
  expert: Model,
  variant: string
): Protocol {
  const chosen = protocolFor(environment, strategy, expert)
  const base = { ...chosen, fit: { ...chosen.fit, epochs: firstEpochs[environment] } }
  return protocolFor(environment, strategy, expert, { ...base, ...variants[variant].change(base) })
}
