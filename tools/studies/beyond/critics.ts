/** All critics at once, on whatever a strategy labels: their scores are of the same states and the same policy. */
import {
  bayesianLossNetwork,
  type CriticSpec,
  combineCritics,
  ensembleCritic,
  type Hyperparameters,
  joinColumns,
  lossNetwork,
  type Network,
  nearestNeighbourCritic,
  riskCritic,
  type Scores,
  safetyNetwork
} from 'radgrad'

type Reading = (network: Network, inputs: Float32Array, rows: number) => Float32Array

/** Tells the scores measured here from those that the strategy's own critic gives. */
export const measured = (score: string): string => `measured ${score}`

/**
 * Gives a critic random streams and score names of its own, so that several can be trained side by side.
 *
 * @param key names the streams
 * @param readings further scores of its first network
 */
const apart = (key: string, spec: CriticSpec, readings: Readonly<Record<string, Reading>> = {}): CriticSpec => ({
  name: spec.name,
  async create(environment, createNetwork) {
    const critic = await spec.create(environment, (topology, name = '') => createNetwork(topology, `${key} ${name}`))
    return {
      ...critic,
      fit: (experience, training) =>
        critic.fit(experience, { ...training, random: (...name) => training.random(key, ...name) }),
      score(states, actions, rows): Scores {
        const inputs = joinColumns(states, actions, rows)
        const columns: Scores = {
          ...critic.score(states, actions, rows),
          ...Object.fromEntries(
            Object.entries(readings).map(([name, read]) => [name, () => read(critic.networks[0], inputs, rows)])
          )
        }
        return Object.fromEntries(Object.entries(columns).map(([name, column]) => [measured(name), column]))
      }
    }
  }
})

const lossReading =
  (reading: 'norm' | 'jacobian' | 'sum', score: 'predictedLoss' | 'lossGradient'): Reading =>
  (network, inputs, rows) =>
    lossNetwork(reading).score(network, inputs, rows)[score]()

/** The scores that are measured. */
export const scoreNames = [
  'lossPercentile',
  'predictedLoss',
  'lossGradient',
  'lossGradient (jacobian)',
  'lossGradient (sum)',
  'riskLogit',
  'riskGradient',
  'riskGradient (logit)',
  'ensembleVariance',
  'varianceGradient',
  'failureLogit',
  'failureGradient',
  'neighbourDistance'
] as const

export const allCritics = ({ safety }: Hyperparameters): CriticSpec =>
  [
    apart('loss network', bayesianLossNetwork('norm', 10, 0.9), {
      predictedLoss: lossReading('norm', 'predictedLoss'),
      lossGradient: lossReading('norm', 'lossGradient'),
      'lossGradient (jacobian)': lossReading('jacobian', 'lossGradient'),
      'lossGradient (sum)': lossReading('sum', 'lossGradient')
    }),
    apart('safety network', safetyNetwork(safety.tau, 'probability'), {
      'riskGradient (logit)': (network, inputs, rows) =>
        safetyNetwork(safety.tau, 'logit').score(network, inputs, rows).riskGradient()
    }),
    apart('ensemble', ensembleCritic(5)),
    apart('prospects', riskCritic),
    apart('labelled states', nearestNeighbourCritic(5))
  ].reduce(combineCritics)
