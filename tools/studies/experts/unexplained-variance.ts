import {
  always,
  collect,
  createNetwork,
  type Environment,
  expertWhenQueried,
  fit,
  generator,
  type Policy,
  type Protocol,
  standardDeviation
} from 'radgrad'
import { append, emptyDataset, policyExamples } from 'radgrad/dist/internal.js'

/**
 * Trains the learner's network on as many of the expert's episodes as a run has, and returns its mean squared error on the held-out
 * states as a share of the variance of the expert's actions. It is 0 for an expert that the network imitates exactly, and 1 for
 * one of which it learns no more than the mean.
 *
 * @param protocol gives the learner's network, its training and the number of episodes
 * @throws what `fit` and `collect` do
 */
export async function unexplainedVariance(
  environment: Environment,
  expert: Policy,
  { policy, iterations, episodes, validation, fit: options }: Protocol,
  signal?: AbortSignal
): Promise<number> {
  const key = [0, 'unexplained variance', environment.name] as const
  const strategy = { title: 'Expert alone', rule: always, control: expertWhenQueried }
  const collectors = { environment, policy: expert, expert, strategy }
  const { labelled } = await collect(collectors, iterations * episodes, key, signal)
  const examples = policyExamples(append(emptyDataset, labelled, validation, generator(...key, 'validation')))
  const network = await createNetwork(policy, generator(...key, 'weights'))
  const report = await fit(network, examples, options, generator(...key, 'fit'), signal)
  network.dispose()
  return report.validation[report.kept - 1] / meanVariance(labelled.expertActions, environment.actionSize)
}

/** Returns the mean over columns of their variance. */
function meanVariance(actions: Float32Array, columns: number): number {
  const variances = Array.from(
    { length: columns },
    (_, j) => standardDeviation(actions.filter((_, i) => i % columns === j)) ** 2
  )
  return variances.reduce((sum, variance) => sum + variance, 0) / columns
}
